import { isBinding } from './binding/binding-answer.ts'
import type { Concept } from './lexicon.ts'
import { isUnreserved } from './read-answers.ts'
import { read } from './reading.ts'
import type { Reading } from './reading.ts'

/** What a yes would do. */
type Asked = 'cancel' | 'restart'

const NAMED: Record<Asked, Concept[]> = { cancel: ['cancel', 'erase'], restart: ['restart', 'from_start'] }
const LOSSES: Concept[] = ['cancel', 'erase', 'restart', 'from_start']

/** `likely`: it may be what throws the answers away, and is not said so that it binds. */
export type YesNo = 'yes' | 'no' | 'likely' | 'open' | 'none'

/**
 * Reads the answer to "do you really want to cancel?", "… start again?". A yes has to be listed. What is refused may be named
 * ("Non, continuer"). `open` is about the answer and gives none.
 */
export function classifyYesNo(text: string, asked: Asked): YesNo {
  if (isBinding(text, asked)) return 'yes'
  const reading = read(text)
  if (reading.asked || reading.truncated || reading.has('doubt', 'wait', 'but', 'if')) return isAbout(reading)
  const refuses = reading.has('no', 'refuse') || reading.denies(...LOSSES, 'want', 'accept', 'confirm')
  if (refuses) return reading.has('yes', 'accept', ...LOSSES) ? 'open' : 'no'
  if (agrees(reading, asked)) return opensWithNo(reading) ? 'open' : 'likely'
  if (reading.has('continue') && reading.negations === 0 && reading.holdsOnly('continue', 'request')) return 'no'
  return isAbout(reading)
}

/** "لا أريد المتابعة", written without its comma, may be either. */
const opensWithNo = ({ words }: Reading): boolean => ['لا', 'la', 'lla', 'non'].includes(words[0] ?? '')

const isAbout = (reading: Reading): 'open' | 'none' =>
  reading.mentions('yes', 'no', 'refuse', 'accept', 'confirm', 'continue', 'doubt', 'wait', ...LOSSES) ? 'open' : 'none'

function agrees(reading: Reading, asked: Asked): boolean {
  if (!isUnreserved(reading) || reading.negations > 0 || reading.has('continue', 'goodbye')) return false
  return reading.has('yes', 'accept', 'confirm', 'correct', ...NAMED[asked])
}

/** Reads the answer to "you have a request begun on …: continue it, or start again?". Starting again has to be listed. */
export function classifyResume(text: string): 'continue' | 'restart' | 'likely' | 'open' | 'none' {
  if (isBinding(text, 'startOver')) return 'restart'
  const reading = read(text)
  if (reading.asked || reading.truncated || reading.has('doubt', 'wait', 'but', 'if', 'cancel')) return isAbout(reading)
  if (reading.denies('continue', 'restart', 'want', 'from_start')) return 'open'
  if (namesNewStart(reading)) return reading.has('yes', 'no') || reading.negations > 0 ? 'open' : 'likely'
  if (reading.has('no') || reading.negations > 0) return isAbout(reading)
  const goesOn: Concept[] = ['continue', 'yes', 'accept', 'confirm']
  return reading.has(...goesOn) && reading.holdsOnly(...goesOn, 'correct', 'request', 'thanks', 'old', 'same')
    ? 'continue'
    : isAbout(reading)
}

function namesNewStart(reading: Reading): boolean {
  return reading.has('restart', 'from_start') || (reading.has('new') && reading.has('request'))
}
