import type { Concept } from './lexicon.ts'
import type { BeneficiaryLabel, MotifLabel } from './labels.ts'
import type { Reading } from './reading.ts'

const NUMBERS: Concept[] = ['n1', 'n2', 'n3']
const OPTIONS: Concept[][] = [['n1'], ['n2'], ['n3', 'last']]

/** Which of three options a number, an ordinal or "le deuxième" names, when the message says little else. */
function readNumber(reading: Reading, about: Concept[] = []): 0 | 1 | 2 | undefined {
  if (reading.truncated || reading.negations > 0 || reading.has('both', 'no', 'age')) return undefined
  const named = ([0, 1, 2] as const).filter(at => saysNumber(reading, at))
  const [only] = named
  if (named.length !== 1 || only === undefined) return undefined
  return reading.holdsOnly(...NUMBERS, 'last', 'option_word', 'yes', ...about) ? only : undefined
}

/** "un", "wahed" are articles beside a noun or an ordinal ("talet wa7d"): as numbers they stand alone. */
const ARTICLES = new Set(['un', 'une', 'a', 'wahed', 'wa7d', 'wahd', 'wa7ed', 'واحد', 'ب', 'b'])

/** Whether the text names the first, the second or the third of several. */
export function saysNumber(reading: Reading, at: 0 | 1 | 2): boolean {
  return reading.matches.some(match => {
    if (!match.concepts.some(concept => OPTIONS[at]?.includes(concept))) return false
    return !ARTICLES.has(reading.words[match.start] ?? '') || reading.words.length === 1
  })
}

export function readBeneficiary(reading: Reading): BeneficiaryLabel | 'none' {
  if (reading.words.length === 1 && reading.words[0] === 'madame') return 'spouse'
  if (reading.truncated || reading.has('other_relative', 'both', 'doubt', 'wait')) return 'none'
  if (namesTwoChildren(reading)) return 'none'
  const named = namedPersons(reading)
  const [only] = named
  if (named.length > 1) return 'none'
  if (only) return agreesWithNumber(reading, only) ? only : 'none'
  const number = readNumber(reading)
  return number === undefined ? 'none' : (persons[number] ?? 'none')
}

/** "mon fils et ma fille": a request is for one of them. */
function namesTwoChildren({ matches }: Reading): boolean {
  const children = matches.filter(match => match.concepts.includes('child') && !match.negated)
  const [first, last] = [children[0]?.start ?? 0, children.at(-1)?.start ?? 0]
  return matches.some(match => match.concepts.includes('and') && match.start > first && match.start <= last)
}

const persons: BeneficiaryLabel[] = ['member', 'spouse', 'child']

function namedPersons(reading: Reading): BeneficiaryLabel[] {
  const others: BeneficiaryLabel[] = []
  if (reading.has('spouse')) others.push('spouse')
  if (reading.has('child')) others.push('child')
  if (!reading.has('self') || (others.length === 0 && reading.unknown > 1)) return others
  // "moi c'est pour ma fille": the pronoun opens the sentence and names nobody, unless the two are joined.
  const opening = reading.matches.find(match => match.concepts.includes('self'))?.start === 0
  if (others.length === 1 && opening && !reading.has('and')) return others
  return ['member', ...others]
}

function agreesWithNumber(reading: Reading, person: BeneficiaryLabel): boolean {
  const number = readNumber(reading, ['self', 'spouse', 'child', 'option_word'])
  return number === undefined || persons[number] === person
}

const motifs: MotifLabel[] = ['oncology', 'extra_costs', 'unreimbursed']

export function readMotif(reading: Reading): MotifLabel | 'none' {
  if (reading.truncated || reading.has('both', 'doubt', 'wait')) return 'none'
  const number = readNumber(reading, ['oncology', 'extra_strong', 'extra_weak', 'care', 'motif_field'])
  const named = namedMotif(reading)
  if (number === undefined) return named ?? 'none'
  const numbered = motifs[number] ?? 'none'
  return !named || named === numbered || reading.has('care') ? numbered : 'none'
}

/** Undefined when none is named, and when two are. */
export function namedMotif(reading: Reading): MotifLabel | undefined {
  const refused =
    reading.has('unreimbursed') ||
    reading.denies('reimbursed') ||
    (reading.has('refuse') && reading.mentions('insurer', 'care', 'reimbursed'))
  const extra = reading.has('extra_strong')
  const cancer = reading.has('oncology')
  if (cancer) return refused || extra ? undefined : 'oncology'
  if (refused && extra) return reading.mentions('care') ? undefined : 'extra_costs'
  if (refused) return 'unreimbursed'
  if (extra) return 'extra_costs'
  if (reading.has('extra_weak')) return 'extra_costs'
  return reading.has('care') && reading.weight <= 2 && reading.unknown === 0 ? 'unreimbursed' : undefined
}
