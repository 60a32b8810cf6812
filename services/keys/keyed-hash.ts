import { createHmac, timingSafeEqual } from 'node:crypto'
import { AppError } from '../errors.ts'
import type { DerivedKey, KeyChoice, Keyring, KeyPurpose } from './keyring.ts'

/**
 * HMAC-SHA-256 under the current key of `purpose`, preceded by that key's id, so that it can still be compared once
 * another key is current. As a lookup key it changes with the current key.
 */
export function keyedHash(keyring: Keyring, purpose: KeyPurpose, text: string): Buffer {
  return hashUnder(keyring.current(purpose), text)
}

/** Whether `hash` was made from `text`. A hash whose key is gone, or that is damaged, matches nothing. */
export function keyedHashMatches(choice: KeyChoice, text: string, hash: Uint8Array): boolean {
  const id = Buffer.from(hash.subarray(1, 1 + (hash[0] ?? 0))).toString('latin1')
  const key = keyIfKnown(choice, id)
  if (!key) return false
  const expected = hashUnder(key, text)
  return expected.length === hash.length && timingSafeEqual(expected, hash)
}

/** What a hash begins with that was made under the key `id`. */
export function hashHeader(id: string): Buffer {
  return Buffer.concat([Buffer.from([id.length]), Buffer.from(id, 'latin1')])
}

function hashUnder({ id, key }: DerivedKey, text: string): Buffer {
  const mac = createHmac('sha256', key).update(text, 'utf8').digest()
  return Buffer.concat([hashHeader(id), mac])
}

function keyIfKnown({ keyring, purpose }: KeyChoice, id: string): DerivedKey | undefined {
  try {
    return keyring.byId(purpose, id)
  } catch (error) {
    if (error instanceof AppError && error.code === 'key.unknown') return undefined
    throw error
  }
}
