import type { Concept } from './lexicon.ts'
import { isUnreserved } from './read-answers.ts'
import { read } from './reading.ts'
import type { Reading } from './reading.ts'

/** What a yes would do. */
type Asked = 'cancel' | 'restart'

const NAMED: Record<Asked, Concept[]> = { cancel: ['cancel', 'erase'], restart: ['restart', 'from_start'] }
const LOSSES: Concept[] = ['cancel', 'erase', 'restart', 'from_start']

/**
 * Reads the answer to "do you really want to cancel?", "… start again?". What is agreed to or refused may be named
 * ("Oui, annuler", "Non, continuer"), and stands alone when `asked` tells the question; a yes that names going on, or a
 * no that names the loss, is `none`.
 */
export function classifyYesNo(text: string, asked?: Asked): 'yes' | 'no' | 'none' {
  const reading = read(text)
  if (reading.asked || reading.truncated || reading.has('doubt', 'wait', 'but', 'if')) return 'none'
  const refuses = reading.has('no', 'refuse') || reading.denies(...LOSSES, 'want', 'accept', 'confirm')
  if (refuses) return reading.has('yes', 'accept', ...LOSSES) ? 'none' : 'no'
  if (agrees(reading, asked)) return 'yes'
  return reading.has('continue') && reading.negations === 0 && reading.holdsOnly('continue', 'request') ? 'no' : 'none'
}

function agrees(reading: Reading, asked: Asked | undefined): boolean {
  if (!isUnreserved(reading) || reading.negations > 0 || reading.has('continue')) return false
  const words: Concept[] = ['yes', 'accept', 'confirm', 'correct']
  if (!reading.has(...words, ...(asked ? NAMED[asked] : []))) return false
  return reading.holdsOnly(...words, ...LOSSES, 'all', 'request', 'thanks', 'want')
}

/** Reads the answer to "you have a request begun on …: continue it, or start again?". */
export function classifyResume(text: string): 'continue' | 'restart' | 'none' {
  const reading = read(text)
  if (reading.asked || reading.truncated || reading.has('doubt', 'wait', 'but', 'if', 'cancel')) return 'none'
  if (reading.denies('continue', 'restart', 'want', 'from_start')) return 'none'
  if (namesNewStart(reading)) return reading.unknown <= 1 && !reading.has('yes') ? 'restart' : 'none'
  if (reading.has('no') || reading.negations > 0) return 'none'
  const goesOn: Concept[] = ['continue', 'yes', 'accept', 'confirm']
  return reading.has(...goesOn) && reading.holdsOnly(...goesOn, 'correct', 'request', 'thanks', 'old', 'same')
    ? 'continue'
    : 'none'
}

function namesNewStart(reading: Reading): boolean {
  return reading.has('restart', 'from_start') || (reading.has('new') && reading.has('request'))
}
