import { createCipheriv, createDecipheriv, randomBytes, type KeyObject } from 'node:crypto'
import { AppError } from '../errors.ts'
import type { KeyChoice } from './keyring.ts'

const version = 1
const nonceBytes = 12
const tagBytes = 16

/**
 * AES-256-GCM under the current key of its purpose. The result is: version (1 byte), length of the key id (1 byte), key
 * id, nonce (12 bytes), cipher text, tag (16 bytes).
 *
 * @param associated what the value belongs to, such as an id: it opens nowhere else
 */
export function seal({ keyring, purpose }: KeyChoice, plain: Uint8Array, associated: string): Buffer {
  const { id, key } = keyring.current(purpose)
  const header = sealedHeader(id)
  return Buffer.concat([header, encrypt(key, plain, associatedData(header, associated))])
}

/** What a value begins with that is sealed under the key `id`; no value under another key begins so. */
export function sealedHeader(id: string): Buffer {
  return Buffer.concat([Buffer.from([version, id.length]), Buffer.from(id, 'latin1')])
}

/**
 * @throws {AppError} `sealed.broken` when a bit is different, or `associated` is, or the purpose; `key.unknown` when it
 *   was sealed under a key that SECRET_KEY no longer holds
 */
export function open({ keyring, purpose }: KeyChoice, sealed: Uint8Array, associated: string): Buffer {
  const { id, header, body } = takeApart(sealed)
  const { key } = keyring.byId(purpose, id)
  return decrypt(key, body, associatedData(header, associated))
}

/** @returns nonce (96 fresh random bits), cipher text, tag */
export function encrypt(key: KeyObject, plain: Uint8Array, associated: Uint8Array): Buffer {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
  cipher.setAAD(associated)
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

/** The reverse of {@link encrypt}. @throws {AppError} `sealed.broken` */
export function decrypt(key: KeyObject, sealed: Uint8Array, associated: Uint8Array): Buffer {
  if (sealed.length < nonceBytes + tagBytes) throw new AppError('sealed.broken', 'a sealed value is too short')
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes), { authTagLength: tagBytes })
  decipher.setAAD(associated)
  decipher.setAuthTag(sealed.subarray(-tagBytes))
  const plain = decipher.update(sealed.subarray(nonceBytes, -tagBytes))
  try {
    // Gives nothing more in this mode, and throws when the tag does not fit.
    decipher.final()
    return plain
  } catch (cause) {
    throw new AppError('sealed.broken', 'a sealed value does not open: it is damaged or belongs elsewhere', { cause })
  }
}

function takeApart(sealed: Uint8Array) {
  const idEnd = 2 + (sealed[1] ?? 0)
  if (sealed[0] !== version || sealed.length < idEnd)
    throw new AppError('sealed.broken', 'a sealed value has no header that we know')
  const id = Buffer.from(sealed.subarray(2, idEnd)).toString('latin1')
  return { id, header: sealed.subarray(0, idEnd), body: sealed.subarray(idEnd) }
}

/** The header has a length of its own, so that no two pairs give the same bytes. */
function associatedData(header: Uint8Array, associated: string): Buffer {
  return Buffer.concat([header, Buffer.from(associated, 'utf8')])
}
