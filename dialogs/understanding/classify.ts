import { isBinding, type BindingAnswer } from './binding/binding-answer.ts'
import type { Context, Label } from './labels.ts'
import { readBeneficiary, readMotif } from './read-choices.ts'
import { readConsent, readRib } from './read-answers.ts'
import { readMild, readUrgent } from './read-globals.ts'
import { readReview } from './read-review.ts'
import { read } from './reading.ts'
import type { Reading } from './reading.ts'

export type { Context, Label } from './labels.ts'

/** What binds a member, by the question that it answers: taken from the list alone, never read out of words. */
const bindingAnswers: Partial<Record<Context, readonly (Label & BindingAnswer)[]>> = {
  consent: ['accept', 'decline'],
  rib: ['confirm'],
  review: ['submit'],
}

/**
 * Tells what a member's message means, in French, Arabic, Darija or Arabizi, as an answer to the question of `context`.
 * `none` when it means nothing here, or more than one thing: a wrong action costs more than a question asked again. What
 * binds has to be listed; `nearestAnswer` tells what else may have been meant.
 */
export function classify(text: string, context: Context): Label | 'none' {
  const bound = bindsAt(text, context)
  if (bound) return bound
  const reading = read(text)
  if (reading.words.length === 0) return 'none'
  const urgent = readUrgent(reading, context)
  if (urgent !== 'none' && !(urgent === 'faq_eligibility' && answersConditions(reading, context))) return urgent
  const answer = readAnswer(reading, context)
  if (isBindingLabel(answer)) return takesLeave(reading) ? readMild(reading, context) : 'none'
  if (answer !== 'none') return answer
  return holdsAnAnswer(reading, context) ? 'none' : readMild(reading, context)
}

/** « Pas d'accord avec ces conditions » asks for none. */
const answersConditions = (reading: Reading, context: Context): boolean =>
  context === 'consent' && !reading.asked && reading.mentions('accept', 'refuse')

/** "Je confirme, et merci pour votre patience": more than a courtesy, and to be asked. */
const holdsAnAnswer = (reading: Reading, context: Context): boolean =>
  context in bindingAnswers && reading.has('accept', 'confirm', 'submit')

function bindsAt(text: string, context: Context): Label | undefined {
  const answers: readonly (Label & BindingAnswer)[] = bindingAnswers[context] ?? []
  return answers.find(answer => isBinding(text, answer))
}

const isBindingLabel = (label: Label | 'none'): boolean =>
  Object.values(bindingAnswers).some(labels => labels.some(binding => binding === label))

/** "Safi bslama": the yes of a goodbye agrees to nothing. */
function takesLeave(reading: Reading): boolean {
  return reading.has('goodbye') && !reading.has('accept', 'confirm', 'submit', 'correct', 'refuse', 'no', 'mine')
}

function readAnswer(reading: Reading, context: Context): Label | 'none' {
  switch (context) {
    case 'consent':
      return readConsent(reading)
    case 'rib':
      return readRib(reading)
    case 'beneficiary':
      return readBeneficiary(reading)
    case 'motif':
      return readMotif(reading)
    case 'review':
      return readReview(reading)
    case 'any':
    case 'document':
      return 'none'
  }
}
