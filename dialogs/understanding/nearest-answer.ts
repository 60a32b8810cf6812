import { accompanies } from './binding/binding-answer.ts'
import { isThumbUp } from './binding/clauses.ts'
import type { Concept } from './lexicon.ts'
import { holdsBack } from './held-back.ts'
import { soundsLike } from './binding/sound.ts'
import { read } from './reading.ts'
import type { Reading } from './reading.ts'
import { reports } from './reported-speech.ts'

/** Questions whose answers bind. */
export type BindingContext = 'consent' | 'rib' | 'review'
type Likely = 'accept' | 'decline' | 'confirm' | 'submit'

/** `open`: the message is about the answer, and holds it back: it denies, doubts, asks, complains or puts off. */
export type Nearest = Likely | 'open' | undefined

const AGREEMENT: Concept[] = ['yes', 'accept', 'confirm', 'correct', 'continue', 'complete', 'submit', 'read']
const RESERVE: Concept[] = ['doubt', 'wait', 'but', 'if', 'unable', 'ask', 'wrong', 'goodbye']
const DEFECT: Concept[] = ['change', 'wrong', 'lacking']
const ABOUT: Concept[] = [...AGREEMENT, ...RESERVE, ...DEFECT, 'no', 'refuse', 'all', 'nothing', 'info', 'mine', 'same']
const ACCOUNT: Concept[] = ['account', 'bank', 'salary', 'mine', 'same', 'self']
/** With more unknown words it is a story that holds the answer, and not the answer. */
const STRAY_WORDS = 3
const LOSS: Concept[] = ['cancel', 'erase', 'restart']

/** « Surtout pas annuler », "ma tlghiwch": whether a text says not to throw the answers away. */
export function deniesLoss(text: string): boolean {
  const reading = read(text)
  return reading.denies(...LOSS) && !reading.has(...LOSS) && !reading.asked
}

/** What a message that binds to nothing may have meant, to be asked again with it as the first button. */
export function nearestAnswer(text: string, context: BindingContext): Nearest {
  const agreed = { consent: 'accept', rib: 'confirm', review: 'submit' } as const
  if (isThumbUp(text) || accompanies(text, agreed[context])) return agreed[context]
  const reading = read(text)
  if (reading.denies(...LOSS)) return undefined
  if (!isAbout(reading, context)) return soundsLike(text, agreed[context]) ? agreed[context] : unknownOf(reading)
  if (reading.asked || reading.truncated || reading.has(...RESERVE)) return 'open'
  if (reading.unknown > STRAY_WORDS || reports(reading)) return 'open'
  if (context === 'consent' && refuses(reading)) return reading.has('accept', 'yes', 'continue') ? 'open' : 'decline'
  return agrees(reading, context) && !holdsBack(reading) ? agreed[context] : 'open'
}

/** Words that we know, and that tell nothing here, are no riddle: only the question stays open. */
const unknownOf = (reading: Reading): Nearest =>
  reading.unknown === 0 && reading.words.length > 0 ? 'open' : undefined

function isAbout(reading: Reading, context: BindingContext): boolean {
  return reading.mentions(...ABOUT) || reading.negations > 0 || (context === 'rib' && reading.mentions(...ACCOUNT))
}

function refuses(reading: Reading): boolean {
  if (reading.denies('read', 'refuse')) return false
  return reading.has('no', 'refuse') || reading.denies('accept', 'want', 'yes', 'confirm', 'give', 'info', 'continue')
}

/** Only what agrees in so many words is proposed: of a denial no agreement is made. */
function agrees(reading: Reading, context: BindingContext): boolean {
  if (reading.has('no', 'refuse') || reading.denies(...AGREEMENT, 'mine', 'want', 'all', 'info')) return false
  const unchanged = reading.has('nothing') && reading.mentions('change')
  if (reading.denies(...DEFECT) && !unchanged) return false
  if (reading.negations > 0 || reading.has('nothing')) return reading.has(context === 'rib' ? 'mine' : 'submit')
  return (
    reading.has(...AGREEMENT) ||
    (context === 'rib' && (reading.has('mine') || (reading.has('same') && reading.unknown === 0)))
  )
}
