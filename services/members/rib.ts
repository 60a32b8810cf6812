import { digitValue } from './digits.ts'

/**
 * The Moroccan RIB: 24 digits, 3 bank, 3 city, 16 account, 2 key, with key = 97 − (first 22 × 100 mod 97). Pages that
 * describe the French 5-5-11-2, or its weights, are wrong for Morocco.
 */
export const RIB_LENGTH = 24

/** Stands in a stored card where its owner's RIB belongs; whoever delivers the card puts in the digits or the mask. */
export const RIB_PLACEHOLDER = '⟦RIB⟧'

/** Of a RIB that is read as one: spaces of every width, dots, dashes, marks of direction, what tables and forms put between. */
const separators = /^[\s.\-‐-―−_/\\,:;|·'’"*\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]*$/u

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
 * The 24 ASCII digits written in `text` with spaces, dots or dashes between them, in digits of any script.
 * @returns undefined when it holds anything else, or another number of digits; the key is not looked at
 */
export function normaliseRib(text: string): string | undefined {
  let digits = ''
  let between = ''
  for (const character of text) {
    const digit = digitValue(character)
    if (digit === undefined) between += character
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
