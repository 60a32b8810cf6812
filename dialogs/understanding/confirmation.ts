import { isUnreserved } from './read-answers.ts'
import { read } from './reading.ts'
import type { Reading } from './reading.ts'

/**
 * Reads the answer to "do you really want to cancel?", "… start again?". What is agreed to or refused may be named
 * ("Oui, annuler", "Non, continuer"); a yes that names going on, or a no that names the loss, is `none`.
 */
export function classifyYesNo(text: string): 'yes' | 'no' | 'none' {
  const reading = read(text)
  if (reading.asked || reading.truncated || reading.has('doubt', 'wait', 'but', 'if')) return 'none'
  const refuses =
    reading.has('no', 'refuse') || reading.denies('cancel', 'restart', 'erase', 'want', 'accept', 'confirm')
  if (refuses) return reading.has('yes', 'accept', 'cancel', 'restart', 'erase', 'from_start') ? 'none' : 'no'
  return agrees(reading) ? 'yes' : 'none'
}

function agrees(reading: Reading): boolean {
  if (!isUnreserved(reading) || reading.negations > 0 || reading.has('continue')) return false
  if (!reading.has('yes', 'accept', 'confirm', 'correct')) return false
  return reading.holdsOnly(
    'yes',
    'accept',
    'confirm',
    'correct',
    'cancel',
    'restart',
    'from_start',
    'erase',
    'all',
    'request',
    'thanks',
    'want',
  )
}

/** Reads the answer to "you have a request begun on …: continue it, or start again?". */
export function classifyResume(text: string): 'continue' | 'restart' | 'none' {
  const reading = read(text)
  if (reading.asked || reading.truncated || reading.has('doubt', 'wait', 'but', 'if', 'cancel')) return 'none'
  if (reading.denies('continue', 'restart', 'want', 'from_start')) return 'none'
  const starts = reading.has('restart', 'from_start') || (reading.has('new') && reading.has('request'))
  if (starts) return reading.unknown <= 1 && !reading.has('yes') ? 'restart' : 'none'
  if (reading.has('no') || reading.negations > 0) return 'none'
  const goesOn = reading.has('continue', 'yes', 'accept', 'confirm')
  return goesOn &&
    reading.holdsOnly('continue', 'yes', 'accept', 'confirm', 'correct', 'request', 'thanks', 'old', 'same')
    ? 'continue'
    : 'none'
}
