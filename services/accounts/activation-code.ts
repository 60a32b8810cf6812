import { createHash } from 'node:crypto'

/** Crockford's base32: no I, L, O or U, so that a code read from paper is typed right. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const codeBytes = 16
/** 128 bits in fives: 25 characters and three bits of another. */
const codeLength = 26

/**
 * A one-time code of 128 random bits, in groups of four.
 * @param randomBytes gives that many random bytes
 */
export function newActivationCode(randomBytes: (count: number) => Uint8Array): string {
  let bits = 0n
  for (const byte of randomBytes(codeBytes)) bits = (bits << 8n) | BigInt(byte)
  let code = ''
  for (let place = codeLength - 1; place >= 0; place--) code += alphabet[Number((bits >> BigInt(place * 5)) & 31n)]
  return (code.match(/.{1,4}/g) ?? []).join('-')
}

/**
 * Forgives case, spaces, dashes, and the letters that are mistaken for digits.
 * @returns SHA-256, which is enough for 128 random bits; undefined when it cannot be a code
 */
export function hashActivationCode(typed: string): Buffer | undefined {
  const code = typed
    .toUpperCase()
    .replace(/[\s\-‐-―_.]/gu, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1')
  if (code.length !== codeLength || [...code].some(letter => !alphabet.includes(letter))) return undefined
  return createHash('sha256').update(code).digest()
}
