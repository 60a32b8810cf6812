import type { Context, Label } from './labels.ts'
import { readBeneficiary, readMotif } from './read-choices.ts'
import { readConsent, readRib } from './read-answers.ts'
import { readMild, readUrgent } from './read-globals.ts'
import { readReview } from './read-review.ts'
import { read } from './reading.ts'
import type { Reading } from './reading.ts'

export type { Context, Label } from './labels.ts'

/**
 * Tells what a member's message means, in French, Arabic, Darija or Arabizi, as an answer to the question of `context`.
 * `none` when it means nothing here, or more than one thing: a wrong action costs more than a question asked again.
 */
export function classify(text: string, context: Context): Label | 'none' {
  const reading = read(text)
  if (reading.words.length === 0) return 'none'
  const urgent = readUrgent(reading, context)
  if (urgent !== 'none') return urgent
  const answer = readAnswer(reading, context)
  return answer === 'none' ? readMild(reading, context) : answer
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
