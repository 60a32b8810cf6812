import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { classify, type Context } from '../../dialogs/understanding/classify.ts'
import { nearestAnswer, type BindingContext } from '../../dialogs/understanding/nearest-answer.ts'
import { contexts, utterancesIn, varieties } from '../support/utterances.ts'
import type { Utterance } from '../support/utterances.ts'

const LEAST_UNDERSTOOD = 0.97
/** What cannot be taken back, or seals a step: here a wrong guess costs more than a question asked again. */
const GRAVE = ['submit', 'cancel', 'confirm', 'accept', 'decline', 'restart']

/** What binds and is not listed is asked, with the answer as its first button: that is understood, too. */
function isUnderstood({ text, context, label }: Utterance): boolean {
  const read = classify(text, context)
  if (read !== 'none' || !isBindingContext(context)) return read === label
  return label === 'none' || nearestAnswer(text, context) === label
}
const isBindingContext = (context: Context): context is BindingContext =>
  context === 'consent' || context === 'rib' || context === 'review'

const missed = (utterances: Utterance[]) => utterances.filter(utterance => !isUnderstood(utterance))
const share = (all: Utterance[]) => (all.length - missed(all).length) / all.length
const told = (all: Utterance[]) => `${(share(all) * 100).toFixed(1)} % of ${all.length}`

describe('members write as they speak', () => {
  for (const variety of varieties) {
    const utterances = utterancesIn(variety)

    it(`is understood in ${variety}`, t => {
      for (const { text, context, label } of missed(utterances)) {
        t.diagnostic(`${context}: "${text}" is ${label}, read as ${classify(text, context)}`)
      }
      t.diagnostic(`${variety}: ${told(utterances)}`)
      assert.ok(share(utterances) >= LEAST_UNDERSTOOD, told(utterances))
    })
  }

  for (const context of contexts) {
    it(`is understood when the question is ${context}`, t => {
      const utterances = varieties.flatMap(utterancesIn).filter(utterance => utterance.context === context)
      t.diagnostic(`${context}: ${told(utterances)}`)
      assert.ok(share(utterances) >= LEAST_UNDERSTOOD, told(utterances))
    })
  }

  it('never sends, cancels, confirms or consents by mistake', () => {
    const mistaken = missed(varieties.flatMap(utterancesIn)).filter(({ text, context }) =>
      GRAVE.includes(classify(text, context)),
    )
    assert.deepEqual(mistaken, [])
  })
})
