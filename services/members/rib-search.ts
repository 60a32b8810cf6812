import { digitValue } from './digits.ts'
import { hasValidKey, MASK_SIGN, maskRib, RIB_LENGTH } from './rib.ts'

/** UTF-16 units of signs, of any kind but letters, that may stand between two digits of a RIB. */
const LONGEST_SIGNS = 6
/** "Banque 190 Ville 170", "1901 puis 7021": units of words between groups. */
const LONGEST_WORDS = 30
/** Units that a RIB may take, written as loosely as it can be found. */
export const LONGEST_RIB = RIB_LENGTH * (LONGEST_WORDS + 2)

const letter = /\p{L}/u
const groupEnds = [3, 6, 22]
/** What precedes the RIB in a Moroccan IBAN, always with these check digits. */
const ibanCountry = /^MA$/i
const ibanCheck = '64'

interface Digit {
  readonly value: number
  /** Units of the text before it, and with it. */
  readonly at: number
  readonly end: number
}

function digitsOf(text: string): Digit[] {
  const digits: Digit[] = []
  let at = 0
  for (const character of text) {
    const end = at + character.length
    const value = digitValue(character)
    if (value !== undefined) digits.push({ value, at, end })
    at = end
  }
  return digits
}

const numberOf = (digits: readonly Digit[]): string => digits.map(({ value }) => value).join('')

interface Window {
  readonly first: number
  readonly last: number
}

/** A whole RIB and nothing else: no digit touches it, but for those of an IBAN. */
function standsAlone(text: string, digits: readonly Digit[], { first, last }: Window): boolean {
  const touches = (one: number) => digits[one] !== undefined && digits[one]?.end === digits[one + 1]?.at
  if (touches(last)) return false
  if (!touches(first - 1)) return true
  const check = digits.slice(first - 2, first)
  const before = check[0]?.at ?? 0
  return numberOf(check) === ibanCheck && ibanCountry.test(text.slice(Math.max(0, before - 2), before))
}

/** May all that stands between its digits belong to one RIB? Words may stand anywhere only in one that stands alone. */
function isOneRib(text: string, digits: readonly Digit[], window: Window): boolean {
  const own = digits.slice(window.first, window.last + 1)
  if (!hasValidKey(numberOf(own))) return false
  const gaps = own.slice(1).map(({ at }, index) => text.slice(own[index]?.end, at))
  const isTight = (gap: string) => gap.length <= LONGEST_SIGNS && !letter.test(gap)
  const isLabel = (gap: string, index: number) => gap.length <= LONGEST_WORDS && groupEnds.includes(index + 1)
  if (gaps.every((gap, index) => isTight(gap) || isLabel(gap, index))) return true
  return gaps.every(gap => gap.length <= LONGEST_WORDS) && standsAlone(text, digits, window)
}

/** What a digit still counts for, by 97, once 24 have come after it: 10^24 mod 97. */
const leavingWeight = Number(10n ** BigInt(RIB_LENGTH) % 97n)

/**
 * First and last digit of each stretch; stretches that overlap are one, so that no digit of any of them is left. The
 * remainder by 97 moves along with the window, since a RIB with its key leaves none: few windows need a closer look.
 */
function ribsAmong(text: string, digits: readonly Digit[]): Window[] {
  const stretches: { first: number; last: number }[] = []
  let remainder = 0
  for (const [last, { value }] of digits.entries()) {
    const first = last - RIB_LENGTH + 1
    const left = digits[first - 1]?.value ?? 0
    remainder = (remainder * 10 + value + (97 - leavingWeight) * left) % 97
    if (first < 0 || remainder !== 0 || !isOneRib(text, digits, { first, last })) continue
    const previous = stretches.at(-1)
    if (previous && previous.last >= first) previous.last = last
    else stretches.push({ first, last })
  }
  return stretches
}

interface Hidden {
  /** Units of the text. */
  readonly from: number
  readonly to: number
  readonly mask: string
}

function hiddenIn(text: string): Hidden[] {
  if (text.length < RIB_LENGTH) return []
  const digits = digitsOf(text)
  return ribsAmong(text, digits).map(({ first, last }) => {
    const own = digits.slice(first, last + 1)
    return { from: own[0]?.at ?? 0, to: own.at(-1)?.end ?? 0, mask: maskRib(numberOf(own)) }
  })
}

/**
 * Masks every RIB in what somebody typed: 24 digits that satisfy the key, of whichever scripts, however they are spaced,
 * also inside an IBAN or a longer run of digits. Everything else is left as it is.
 * @param kept UTF-16 units of the text that are kept; of a RIB that begins in them and ends behind, nothing is
 */
export function hideRibs(text: string, kept = text.length): string {
  // A RIB that begins within what is kept ends within so much.
  const searched = text.slice(0, kept + LONGEST_RIB)
  let hidden = ''
  let copied = 0
  for (const { from, to, mask } of hiddenIn(searched)) {
    if (from >= kept) break
    hidden += searched.slice(copied, from) + mask
    copied = to
  }
  return copied < kept ? hidden + searched.slice(copied, kept) : hidden
}

/**
 * Masks a RIB that goes on from one text to the next.
 * @returns the texts, each with its part of it masked; undefined when none goes on
 */
export function hideRibAcross(texts: readonly string[]): string[] | undefined {
  const starts: number[] = []
  let joined = ''
  for (const text of texts) {
    starts.push(joined.length)
    joined += `${text}\n`
  }
  const across = hiddenIn(joined).filter(({ from, to }) => starts.some(start => from < start && start < to))
  if (across.length === 0) return undefined
  return texts.map((text, index) =>
    across.reduceRight((one, hidden) => withoutPart(one, starts[index] ?? 0, hidden), text),
  )
}

/** @param start of `text`, in the units of `hidden` */
function withoutPart(text: string, start: number, { from, to, mask }: Hidden): string {
  const first = Math.max(from - start, 0)
  const end = Math.min(to - start, text.length)
  if (first >= end) return text
  // The last four digits are told where they stand.
  return text.slice(0, first) + (to - start > text.length ? MASK_SIGN : mask) + text.slice(end)
}
