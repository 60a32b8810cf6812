/** Unicode letters, not bytes, once composed. */
const MIN_PASSWORD_LENGTH = 10
/** Bounds the work of a hash; a sentence of a dozen words fits. */
const MAX_PASSWORD_LENGTH = 128

/** What is tried first, here and elsewhere; with digits or signs behind it, it is no better. */
const common = [
  'motdepasse',
  'password',
  'azertyuiop',
  'qwertyuiop',
  'azerty',
  'qwerty',
  'moussaada',
  'fosmef',
  'finances',
  'maroc',
]
const runs = '01234567890123456789 98765432109876543210 abcdefghijklmnopqrstuvwxyz'

/** Length counts, and what everybody would guess does not. No rule on kinds of characters: they make no password better. */
export function isStrongPassword(password: string, { ppr }: { ppr: string }): boolean {
  const text = password.normalize('NFKC')
  const letters = [...text]
  if (letters.length < MIN_PASSWORD_LENGTH || letters.length > MAX_PASSWORD_LENGTH) return false
  if (new Set(letters).size < 4 || runs.includes(text.toLowerCase())) return false
  const core = text.toLowerCase().replace(/[\d\s\p{P}\p{S}]+/gu, '')
  if (common.some(word => core === word || core === word.repeat(2))) return false
  return text.replaceAll(ppr, '').length >= MIN_PASSWORD_LENGTH / 2
}
