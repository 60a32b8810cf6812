import type { Context } from './labels.ts'
import type { Concept } from './lexicon.ts'
import type { Reading } from './reading.ts'

/** Unknown words that a question or a command bears: with more it is a story that holds the word, and not the thing. */
export const STRAY_WORDS = 2

/** Who may have the aid. */
export function asksEligibility(reading: Reading): boolean {
  if (reading.has('off_topic')) return false
  if (reading.has('eligible')) {
    if (reading.asked || reading.has('status_person')) return reading.unknown <= STRAY_WORDS
    return !reading.has('want') && reading.has('conditions') && reading.unknown <= STRAY_WORDS
  }
  if (!reading.asked) return false
  const person = reading.has('self', 'spouse', 'child', 'other_relative', 'status_person')
  return (
    person &&
    (reading.has('status_person', 'ask_for') || reading.mentions('aid_word')) &&
    !reading.mentions('documents')
  )
}

const MONEY_OR_REQUEST: Concept[] = [
  'receive',
  'request',
  'aid_word',
  'progress',
  'amount',
  'give',
  'outcome',
  'reimbursed',
]

/** When the answer or the money comes. */
export function asksDelay(reading: Reading): boolean {
  if (reading.has('off_topic')) return false
  if (reading.has('duration')) return reading.unknown <= STRAY_WORDS + 1
  if (reading.has('how_much') && reading.has('time_word', 'wait')) return true
  const ours = reading.has(...MONEY_OR_REQUEST)
  if (reading.has('when_asked')) return reading.unknown <= (ours ? STRAY_WORDS : 1)
  if (reading.has('time_word') && reading.asked && reading.has('request', 'aid_word', 'receive', 'progress'))
    return true
  if (!reading.has('when')) return false
  return ours || reading.weight <= 1
}

/** How much is paid; a figure of the member's own costs is no question. */
export function asksAmount(reading: Reading, context: Context): boolean {
  if (reading.has('off_topic', 'time_word', 'age', 'documents', 'document_field')) return false
  if (reading.has('how_much')) {
    const ours = reading.has('aid_word', 'amount', 'give', 'receive', 'reimbursed', 'exceptional')
    return reading.unknown <= (ours ? 1 : 0) && !reading.has('extra_strong', 'request')
  }
  if (!reading.has('amount')) return false
  if (reading.asked) return reading.unknown <= STRAY_WORDS && !reading.has('extra_strong')
  return (
    reading.weight <= 2 && reading.unknown === 0 && context !== 'motif' && !reading.mentions('reimbursed', 'extra_weak')
  )
}

/** What the file must hold; at its own question "comment joindre" is a call for help. */
export function asksDocuments(reading: Reading, context: Context): boolean {
  if (reading.has('off_topic') || reading.mentions('change', 'lacking', 'wrong', 'submit', 'wait')) return false
  const asked = reading.asked || reading.has('how_much', 'help')
  if (context === 'document' && reading.has('how') && reading.has('document_field')) return false
  if (reading.has('documents')) {
    if ((asked && !reading.has('where', 'when')) || reading.has('required')) return true
    return context !== 'review' && context !== 'document' && context !== 'motif' && reading.weight === 1
  }
  if (!asked || reading.has('help', 'ask_for')) return false
  return reading.has('provide') || (reading.has('required') && (context === 'document' || reading.has('request')))
}
