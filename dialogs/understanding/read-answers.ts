import type { Concept } from './lexicon.ts'
import type { ConsentLabel, RibLabel } from './labels.ts'
import type { Reading } from './reading.ts'

/** What keeps a "yes" from being one: "oui mais", "si", "demain", a question, a doubt. */
const RESERVATIONS: Concept[] = ['unable', 'no', 'doubt', 'wait', 'but', 'if', 'refuse', 'wrong', 'none_of_them', 'ask']

/** An unreserved yes: nothing denied, nothing asked, nothing put off. */
export function isUnreserved(reading: Reading): boolean {
  return !reading.asked && !reading.truncated && !reading.has(...RESERVATIONS)
}

export function readConsent(reading: Reading): ConsentLabel | 'none' {
  const accepts = reading.has('accept', 'yes', 'confirm', 'continue', 'read')
  const refuses = reading.has('no', 'refuse') || reading.denies('accept', 'want', 'yes', 'confirm')
  if (reading.has('doubt', 'wait', 'but', 'if') || reading.asked || reading.truncated) return 'none'
  if (reading.denies('read')) return 'none'
  if (refuses && reading.unknown > 2) return 'none'
  if (refuses) return reading.has('accept') || reading.denies('refuse') ? 'none' : 'decline'
  const consents = reading.holdsOnly(
    'accept',
    'read',
    'yes',
    'confirm',
    'continue',
    'self',
    'all',
    'correct',
    'info',
    'thanks',
    'ask_for',
    'request',
    'aid_word',
    'progress',
  )
  return accepts && consents && reading.negations === 0 ? 'accept' : 'none'
}

export function readRib(reading: Reading): RibLabel | 'none' {
  if (reading.truncated) return 'none'
  if (changesAccount(reading)) return 'change'
  if (rejectsAccount(reading)) return 'reject'
  if (!isUnreserved(reading) || reading.denies('confirm', 'correct', 'account', 'mine', 'want')) return 'none'
  if (reading.mentions('cancel', 'change') && !reading.denies('change')) return 'none'
  const confirms =
    reading.has('yes', 'confirm', 'correct', 'mine', 'accept') || (reading.has('same') && reading.unknown === 0)
  const unchanged = reading.denies('change', 'wrong') || (reading.has('nothing') && reading.mentions('change'))
  if (reading.negations > 0 && !unchanged && !reading.has('nothing')) return 'none'
  const onTopic = reading.mentions('account', 'bank', 'salary')
  const strayWords = onTopic ? Math.max(1, Math.floor(reading.words.length / 4)) : 0
  return (confirms || unchanged) && reading.unknown <= strayWords ? 'confirm' : 'none'
}

function changesAccount(reading: Reading): boolean {
  if (reading.denies('change', 'new', 'old')) return false
  const onTopic = reading.mentions('account', 'bank')
  if (reading.has('change', 'moved', 'closed')) return reading.unknown <= (onTopic ? 3 : 1)
  if (reading.has('new') && reading.has('account', 'bank')) return true
  return reading.has('old') && !reading.has('confirm') && reading.unknown <= (onTopic ? 3 : 0)
}

function rejectsAccount(reading: Reading): boolean {
  if (reading.has('stranger', 'not_mine', 'not_this') || reading.denies('self')) return true
  if (reading.denies('mine', 'correct', 'confirm', 'recognise', 'same')) return !reading.has('yes')
  if (reading.has('wrong', 'refuse')) return !reading.has('yes', 'doubt') && reading.unknown <= 3
  if (reading.denies('account', 'bank')) return !reading.has('doubt', 'yes')
  return reading.has('no') && reading.unknown <= 3 && !reading.has('doubt', 'wait', 'correct', 'confirm', 'mine', 'yes')
}
