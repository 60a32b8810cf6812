import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { detectLanguage } from '../../dialogs/understanding/detect-language.ts'
import type { Language } from '../../services/language.ts'
import { utterancesIn, varieties } from '../support/utterances.ts'

/** Of a hundred sentences, so many are told right. */
const GOAL = 97

const unseen: Readonly<Record<Language, readonly string[]>> = {
  fr: [
    'ma fille doit se faire opérer jeudi',
    'mon mari suit une chimio à Rabat depuis mars',
    'qui dois je appeler pour mon dossier',
    'la clinique refuse le chèque de garantie',
    'jai perdu mes ordonnances que faire',
    'votre site marche pas sur mon telephone',
    'on ma deja remboursé une partie',
    'le médecin a prescrit un appareil auditif',
    'vous êtes ouverts le samedi matin',
    'combien de temps avant le virement',
    'svp ou se trouve la fondation',
    'un conseiller svp',
  ],
  ar: [
    'bghit ndir talab l bnti mrida',
    'weldi khasso 3amaliya f l9elb',
    'mrati katdir chimio f rabat mn mars',
    'fin nqder nhett chehada dyal rib',
    'mafhemtch had sou2al 3afak',
    'wach nqdar nsifet tsawer dyal lwer9a',
    'lclinique tlbat mni flouss bzaf',
    'ch7al d lwe9t bach ywsselni ljawab',
    '3ndi moshkil f compte bancaire dyali',
    'chkoun li ymken lih yakhod had l3aweniya',
    'llah yerhem lwalidin jawbouni bzerba',
    'بغيت ندير طلب لبنتي مريضة',
    'زوجتي تتابع علاجها في المستشفى',
  ],
}

describe('a member writes a sentence in French, Arabic, Darija or Arabizi', () => {
  for (const variety of varieties)
    it(`is told to be ${variety}`, () => {
      const language = variety === 'fr' ? 'fr' : 'ar'
      const texts = utterancesIn(variety)
        .map(({ text }) => text)
        .filter(isSentence)
      assert.ok(texts.length > 100)
      const missed = texts.filter(text => detectLanguage(text) !== language)
      assert.ok(missed.length <= (texts.length * (100 - GOAL)) / 100, missed.join('\n'))
    })

  for (const [language, texts] of Object.entries(unseen))
    it(`is understood to want ${language} from words that no list has`, () => {
      for (const text of texts) assert.equal(detectLanguage(text), language, text)
    })
})

const isSentence = (text: string) => text.trim().split(/\s+/).length >= 3
