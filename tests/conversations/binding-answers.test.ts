import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { z } from 'zod'
import { classify, type Context } from '../../dialogs/understanding/classify.ts'
import { classifyYesNo } from '../../dialogs/understanding/confirmation.ts'
import { nearestAnswer } from '../../dialogs/understanding/nearest-answer.ts'
import { varieties } from '../support/utterances.ts'

const answers = ['accept', 'decline', 'confirm', 'submit', 'cancel', 'restart'] as const
type Answer = (typeof answers)[number]
const line = z.strictObject({ text: z.string(), variety: z.enum(varieties), answer: z.enum(answers) })
const said = readFileSync('tests/conversations/utterances/binding.jsonl', 'utf8')
  .trim()
  .split('\n')
  .map(text => line.parse(JSON.parse(text)))

const questions = { accept: 'consent', decline: 'consent', confirm: 'rib', submit: 'review' } as const
const LEAST_ACTED_UPON = 0.65

/** `asked` has the answer as its first button; `open` says that nothing has happened, and asks. */
type Outcome = 'acted' | 'asked' | 'open' | 'not understood' | 'mistaken'

function outcomeOf(text: string, answer: Answer): Outcome {
  if (answer === 'cancel' || answer === 'restart') return decisionOf(text, answer)
  const context: Context & keyof typeof opened = questions[answer]
  const label = classify(text, context)
  if (label !== 'none') return label === answer ? 'acted' : opened[context].includes(label) ? 'asked' : 'mistaken'
  const nearest = nearestAnswer(text, context)
  if (nearest === 'open') return 'open'
  return nearest === undefined ? 'not understood' : nearest === answer ? 'asked' : 'mistaken'
}

/** Whoever will not go on at the notice may be asked whether to cancel. */
const opened: Record<'consent' | 'rib' | 'review', string[]> = { consent: ['cancel'], rib: [], review: [] }

function decisionOf(text: string, answer: 'cancel' | 'restart'): Outcome {
  const read = classifyYesNo(text, answer)
  const outcomes = { yes: 'acted', likely: 'asked', open: 'open', no: 'mistaken', none: 'not understood' } as const
  return outcomes[read]
}

describe('a member gives an answer that binds in ordinary words', () => {
  for (const answer of answers) {
    const all = said.filter(one => one.answer === answer)

    it(`is acted upon, or asked: « ${answer} »`, t => {
      const outcomes = all.map(({ text }) => ({ text, outcome: outcomeOf(text, answer) }))
      const lost = outcomes.filter(({ outcome }) => outcome === 'not understood' || outcome === 'mistaken')
      assert.deepEqual(lost, [])
      const acted = outcomes.filter(({ outcome }) => outcome === 'acted').length
      t.diagnostic(`${answer}: ${acted} of ${all.length} acted upon`)
      assert.ok(acted / all.length >= LEAST_ACTED_UPON, `${acted} of ${all.length}`)
    })

    it(`is written in three hundred ways: « ${answer} »`, () => {
      assert.ok(new Set(all.map(({ text }) => text)).size >= 300)
      for (const variety of varieties) assert.ok(all.filter(one => one.variety === variety).length >= 70, variety)
    })
  }
})
