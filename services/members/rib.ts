import { digitAt } from './digits.ts'

/**
 * The Moroccan RIB: 24 digits, 3 bank, 3 city, 16 account, 2 key, with key = 97 − (first 22 × 100 mod 97). Pages that
 * describe the French 5-5-11-2, or its weights, are wrong for Morocco.
 */
const RIB_LENGTH = 24

/** Stands in a stored card where its owner's RIB belongs; whoever delivers the card puts in the digits or the mask. */
export const RIB_PLACEHOLDER = '⟦RIB⟧'

const groupEnds = [3, 6, 22]

/** Spaces of every width, dots, dashes, marks of direction, and what tables and forms put between groups of digits. */
const separators = /^[\s.\-‐-―−_/\\,:;|·'’"*\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]*$/u

const LONGEST_SEPARATOR = 6
/** "Banque 190 Ville 170 Compte 21… Clé 07": a label may stand between two groups. */
const LONGEST_LABEL = 30

/** The remainder by 97, digit by digit: 24 digits pass 2^53. */
function modulo97(digits: string): number {
  let remainder = 0
  for (const digit of digits) remainder = (remainder * 10 + Number(digit)) % 97
  return remainder
}

/** @param first22 bank, city and account */
export function ribKey(first22: string): string {
  return String(97 - modulo97(`${first22}00`)).padStart(2, '0')
}

/** True for 24 ASCII digits whose last two are the key of the others. */
export function hasValidKey(rib: string): boolean {
  return /^[0-9]{24}$/.test(rib) && ribKey(rib.slice(0, 22)) === rib.slice(22)
}

/**
 * The 24 ASCII digits written in `text` with spaces, dots or dashes between them, in Western or Arabic-Indic digits.
 * @returns undefined when it holds anything else, or another number of digits; the key is not looked at
 */
export function normaliseRib(text: string): string | undefined {
  let digits = ''
  let between = ''
  for (let index = 0; index < text.length; index++) {
    const digit = digitAt(text, index)
    if (digit === undefined) between += text[index]
    else digits += digit
  }
  return digits.length === RIB_LENGTH && separators.test(between) ? digits : undefined
}

/** For reading aloud and comparing with a cheque: 3-3-16-2, held on one line by no-break spaces. */
export function groupRib(rib: string): string {
  return [rib.slice(0, 3), rib.slice(3, 6), rib.slice(6, 22), rib.slice(22)].join('\u00a0')
}

/** What a hidden RIB begins with, wherever it stands. */
export const MASK_SIGN = '••••'

/** What anybody but its owner sees: the last four digits. */
export function maskRib(rib: string): string {
  return `${MASK_SIGN} ${rib.slice(-4)}`
}

const bankNames: ReadonlyMap<string, string> = new Map([
  ['001', 'Bank Al-Maghrib'],
  ['007', 'Attijariwafa Bank'],
])

/** Decoration: only the codes that official sources confirm have a name. */
export function bankName(rib: string): string | undefined {
  return bankNames.get(rib.slice(0, 3))
}

interface Digit {
  readonly value: number
  readonly at: number
}

function digitsOf(text: string): Digit[] {
  const digits: Digit[] = []
  for (let at = 0; at < text.length; at++) {
    const value = digitAt(text, at)
    if (value !== undefined) digits.push({ value, at })
  }
  return digits
}

/** May what stands between a digit and the next belong to one RIB? `place` counts the RIB's digits before the gap. */
function isJoined(gap: string, place: number): boolean {
  if (gap === '' || (gap.length <= LONGEST_SEPARATOR && separators.test(gap))) return true
  return groupEnds.includes(place) && gap.length <= LONGEST_LABEL
}

function isRib(text: string, digits: readonly Digit[]): boolean {
  if (!hasValidKey(digits.map(digit => digit.value).join(''))) return false
  return digits.slice(1).every(({ at }, index) => {
    const before = digits[index]
    return before !== undefined && isJoined(text.slice(before.at + 1, at), index + 1)
  })
}

/** What a digit still counts for once 24 have come after it. */
const leavingWeight = modulo97(`1${'0'.repeat(RIB_LENGTH)}`)

/**
 * First and last digit of each stretch; stretches that overlap are one, so that no digit of any of them is left. The
 * remainder by 97 moves along with the window, since a RIB with its key leaves none: few windows need a closer look.
 */
function ribsAmong(text: string, digits: readonly Digit[]): [number, number][] {
  const stretches: [number, number][] = []
  let remainder = 0
  for (const [last, { value }] of digits.entries()) {
    const first = last - RIB_LENGTH + 1
    const left = digits[first - 1]?.value ?? 0
    remainder = (remainder * 10 + value + (97 - leavingWeight) * left) % 97
    if (first < 0 || remainder !== 0 || !isRib(text, digits.slice(first, last + 1))) continue
    const previous = stretches.at(-1)
    if (previous && previous[1] >= first) previous[1] = last
    else stretches.push([first, last])
  }
  return stretches
}

/**
 * Masks every RIB in what somebody typed: 24 digits that satisfy the key, however they are spaced, also inside an IBAN
 * or a longer run of digits. Everything else is left as it is.
 */
export function hideRibs(text: string): string {
  if (text.length < RIB_LENGTH) return text
  const digits = digitsOf(text)
  let hidden = ''
  let copied = 0
  for (const [first, last] of ribsAmong(text, digits)) {
    const stretch = digits.slice(first, last + 1)
    hidden += text.slice(copied, stretch[0]?.at) + maskRib(stretch.map(digit => digit.value).join(''))
    copied = (stretch.at(-1)?.at ?? 0) + 1
  }
  return hidden + text.slice(copied)
}
