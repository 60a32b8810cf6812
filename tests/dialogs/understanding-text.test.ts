import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { classify } from '../../dialogs/understanding/classify.ts'
import { nearestAnswer } from '../../dialogs/understanding/nearest-answer.ts'
import { detectLanguage } from '../../dialogs/understanding/detect-language.ts'
import { matchPerson } from '../../dialogs/understanding/match-person.ts'
import { normalize } from '../../dialogs/understanding/normalize.ts'
import { contexts } from '../support/utterances.ts'

describe('a member types on a phone keyboard', () => {
  it('is read alike however it is typed', () => {
    assert.equal(normalize("D’ACCORD, c'est l'été !! 😀"), 'd accord c est l ete')
    assert.equal(normalize('نَعَم أُوافِقُ على الإرســـال ١٢'), 'نعم اوافق علي الارسال 12')
    assert.equal(normalize('OUIIIII'), 'oui')
    assert.equal(normalize("mas'oul 3awd s7i7"), 'masoul 3awd s7i7')
    assert.equal(normalize('???'), '')
  })

  it('may mistype', () => {
    assert.equal(nearestAnswer('confrimer', 'rib'), 'confirm')
    assert.equal(classify('anuler la demmande', 'document'), 'cancel')
    assert.equal(classify('chimiotherapei', 'motif'), 'oncology')
  })
})

describe('a stranger sends what no member would', () => {
  it('gets no action and no long wait', () => {
    const hostile = ['a', 'non ', "l'", 'ما', 'ش', '7', '?', '\u0300', 'ﷺ', 'oui, ', '\u202e'].map(piece =>
      piece.repeat(100_000),
    )
    for (const context of contexts) {
      for (const text of hostile) {
        const start = process.cpuUsage()
        assert.equal(classify(text, context), 'none')
        assert.ok(process.cpuUsage(start).user < 100_000, 'under 100 ms')
      }
    }
  })
})

describe('a member opens the conversation', () => {
  it('is answered in the language of the first words', () => {
    const spoken: [string, 'fr' | 'ar' | undefined][] = [
      ['bonjour', 'fr'],
      ['je veux faire une demande', 'fr'],
      ['السلام عليكم', 'ar'],
      ['بغيت نبدل rib', 'ar'],
      ['bghit ndir talab', 'ar'],
      ['salam labas', 'ar'],
      ['chno khassni', 'ar'],
    ]
    for (const [text, language] of spoken) assert.equal(detectLanguage(text), language, text)
  })

  it('stays in the language of the page when the words do not tell', () => {
    for (const text of ['ok', '3', 'salam', 'Fatima Zahra', 'RIB', 'PET SCAN', '👍', '', 'Confirmer']) {
      assert.equal(detectLanguage(text), undefined, text)
    }
  })
})

describe('a member names a relative', () => {
  const names = ['Salma Alaoui', 'Yassine Alaoui', 'Fatima-Zahra Alaoui']

  it('may write the name in part, in either script, without accents, with a typo', () => {
    for (const text of ['Salma', 'سلمى', 'لسلمى', 'ma fille salma', 'SALMA ALAOUI'])
      assert.equal(matchPerson(text, names), 0, text)
    for (const text of ['ياسين', 'pour yasine', 'Yassin']) assert.equal(matchPerson(text, names), 1, text)
    for (const text of ['fatima', 'فاطمة الزهراء', 'zahra']) assert.equal(matchPerson(text, names), 2, text)
  })

  it('may count along the list', () => {
    for (const text of ['2', '٢', 'le deuxième', 'التاني', 'tani wa7d', 'la 2'])
      assert.equal(matchPerson(text, names), 1, text)
    assert.equal(matchPerson('le dernier', names), 2)
  })

  it('is asked again when several are meant, or none', () => {
    for (const text of ['Alaoui', 'salma et yassine', 'pas salma', '4', 'ma fille', 'les deux', '']) {
      assert.equal(matchPerson(text, names), undefined, text)
    }
    assert.equal(matchPerson('Amine', ['Amine Tazi', 'Amina Tazi']), 0)
    assert.equal(matchPerson('أمينة', ['Amine Tazi', 'Amina Tazi']), 1)
    assert.equal(matchPerson('Ali', ['Ali Tazi', 'Ali Naji']), undefined)
  })
})
