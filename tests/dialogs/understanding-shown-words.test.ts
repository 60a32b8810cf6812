import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { classify } from '../../dialogs/understanding/classify.ts'
import type { Context, Label } from '../../dialogs/understanding/classify.ts'
import { classifyResume, classifyYesNo } from '../../dialogs/understanding/confirmation.ts'
import ar from '../../locales/ar/dialogs.json' with { type: 'json' }
import fr from '../../locales/fr/dialogs.json' with { type: 'json' }
import { createTranslators } from '../../locales/translator.ts'
import { contexts } from '../support/utterances.ts'

const languages = [
  ['fr', fr],
  ['ar', ar],
] as const
const quoted = (sentence: string) => [...sentence.matchAll(/«\s*([^»]+?)\s*»/gu)].map(([, words = '']) => words)

describe('a member types a word that the assistant named', () => {
  const named: Record<'fr' | 'ar', Label[]> = {
    fr: ['back', 'cancel', 'restart', 'help', 'history', 'switch_ar', 'agent'],
    ar: ['back', 'cancel', 'restart', 'help', 'history', 'switch_fr', 'agent'],
  }
  for (const { language, t } of Object.values(createTranslators())) {
    it(`is understood at every question, in ${language}`, () => {
      for (const context of contexts) {
        assert.deepEqual(
          quoted(t('help.main')).map(word => classify(word, context)),
          named[language],
          context,
        )
      }
    })

    it(`finds what the fallback and the review name, in ${language}`, () => {
      assert.deepEqual(
        quoted(t('fallback.second')).map(word => classify(word, 'rib')),
        ['help'],
      )
      assert.equal(classify(quoted(t('review.intro'))[0] ?? '', 'review'), 'submit')
      assert.equal(classify(quoted(t('submit.next'))[0] ?? '', 'any'), 'history')
    })
  }
})

describe('a member types what a button says', () => {
  for (const [language, { button, beneficiary, motif, cancel, restart }] of languages) {
    const typed: [string, Context, Label][] = [
      [button.request, 'any', 'start_request'],
      [button.history, 'any', 'history'],
      [button.help, 'any', 'help'],
      [button.accept, 'consent', 'accept'],
      [button.confirm, 'rib', 'confirm'],
      [button.notMyRib, 'rib', 'reject'],
      [button.changeRib, 'rib', 'change'],
      [beneficiary.member, 'beneficiary', 'member'],
      [beneficiary.spouse, 'beneficiary', 'spouse'],
      [beneficiary.child, 'beneficiary', 'child'],
      [motif.oncology.title, 'motif', 'oncology'],
      [motif.extraCosts.title, 'motif', 'extra_costs'],
      [motif.unreimbursed.title, 'motif', 'unreimbursed'],
      [button.back, 'motif', 'back'],
      [button.cancel, 'document', 'cancel'],
      [button.restart, 'review', 'restart'],
      [button.submit, 'review', 'submit'],
    ]
    it(`has pressed it, in ${language}`, () => {
      for (const [text, context, label] of typed) assert.equal(classify(text, context), label, text)
    })

    it(`has answered the confirmation, in ${language}`, () => {
      assert.equal(classifyYesNo(cancel.yes, 'cancel'), 'yes')
      assert.equal(classifyYesNo(cancel.no, 'cancel'), 'no')
      assert.equal(classifyYesNo(restart.yes, 'restart'), 'yes')
      assert.equal(classifyYesNo(cancel.no, 'restart'), 'no')
      assert.equal(classifyResume(button.continue), 'continue')
      assert.equal(classifyResume(button.restart), 'restart')
    })
  }
})
