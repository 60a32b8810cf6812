const decimalDigit = /^\p{Nd}$/u
/** Digits in circles or raised come to plain ones by Unicode's compatibility forms. */
const asciiDigit = /^[0-9]$/

/** By character, since most texts hold digits of one script. */
const known = new Map<string, number | undefined>()
const MOST_KNOWN = 1_000

/** @param character one code point. @returns the value of a digit in whichever script, also raised or in a circle; else undefined */
export function digitValue(character: string): number | undefined {
  const code = character.charCodeAt(0)
  if (code < 0x80) return code >= 0x30 && code <= 0x39 ? code - 0x30 : undefined
  if (known.has(character)) return known.get(character)
  const value = decimalDigit.test(character) ? placeInScript(character) : compatibleValue(character)
  if (known.size < MOST_KNOWN) known.set(character, value)
  return value
}

/** The digits of a script stand in a row from 0 to 9, and such rows begin at 0. */
function placeInScript(character: string): number {
  const code = character.codePointAt(0) ?? 0
  let first = code
  while (decimalDigit.test(String.fromCodePoint(first - 1))) first--
  return (code - first) % 10
}

function compatibleValue(character: string): number | undefined {
  const plain = character.normalize('NFKC')
  return asciiDigit.test(plain) ? Number(plain) : undefined
}
