import { createSecretKey, hkdfSync, randomBytes, type KeyObject } from 'node:crypto'
import { AppError } from '../errors.ts'

/** What a key is for. A key of one purpose is of no use for another, since each is derived on its own. */
export type KeyPurpose =
  | 'token'
  | 'cookie'
  | 'link'
  | 'document'
  | 'rib'
  | 'rib-hash'
  | 'sign-in'
  | 'directory'
  | 'upload'
  | 'download'
  | 'page-link'
  | 'device'
  | 'file-head'

/** 32 bytes, and the id of the secret that they come from. As bytes, each use would make the key anew: five times as long. */
export interface DerivedKey {
  readonly id: string
  readonly key: KeyObject
}

export interface Keyring {
  /** The key for new work. */
  current(purpose: KeyPurpose): DerivedKey
  /** The key that earlier work names. @throws {AppError} `key.unknown` */
  byId(purpose: KeyPurpose, id: string): DerivedKey
}

/** Which keys to use: those of one purpose, in one keyring. */
export interface KeyChoice {
  readonly keyring: Keyring
  readonly purpose: KeyPurpose
}

interface Secret {
  readonly id: string
  readonly bytes: Buffer
}

const entryShape = /^(?<id>[A-Za-z0-9_-]{1,32}):(?<base64>[A-Za-z0-9+/_-]+={0,2})$/
const minimumSecretBytes = 32

/**
 * @param secretKey `id:base64[,id:base64…]`, each at least 32 bytes; the first is current, the others still open what
 *   they once closed
 * @throws {AppError} `config.invalid`; the text never quotes the secret
 */
export function createKeyring(secretKey: string): Keyring {
  const secrets = secretKey.split(',').map((entry, index) => parseSecret(entry.trim(), index + 1))
  const byId = new Map(secrets.map(secret => [secret.id, secret]))
  if (byId.size < secrets.length) throw new AppError('config.invalid', 'SECRET_KEY names the same key id twice')
  const [current] = secrets
  if (!current) throw new AppError('config.invalid', 'SECRET_KEY is empty')
  const derived = new Map<string, DerivedKey>()

  function derive(purpose: KeyPurpose, { id, bytes }: Secret): DerivedKey {
    const name = `${purpose}:${id}`
    const known = derived.get(name)
    if (known) return known
    const key = { id, key: createSecretKey(new Uint8Array(hkdfSync('sha256', bytes, 'moussaada', purpose, 32))) }
    derived.set(name, key)
    return key
  }

  return {
    current: purpose => derive(purpose, current),
    byId(purpose, id) {
      const secret = byId.get(id)
      if (!secret) throw new AppError('key.unknown', `no key ${JSON.stringify(id.slice(0, 32))} in SECRET_KEY`)
      return derive(purpose, secret)
    },
  }
}

/**
 * @returns a new `id:base64` entry of 32 random bytes. The id is random too: data that another key closed, in a folder
 *   whose key was lost, are then told as `key.unknown` and not as damaged.
 */
export function generateSecretKey(): string {
  return `${randomBytes(4).toString('hex')}:${randomBytes(32).toString('base64')}`
}

function parseSecret(entry: string, place: number): Secret {
  const { id, base64 } = entryShape.exec(entry)?.groups ?? {}
  if (!id || !base64) throw new AppError('config.invalid', `SECRET_KEY, entry ${place}: expected id:base64`)
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.length < minimumSecretBytes)
    throw new AppError('config.invalid', `SECRET_KEY, entry ${place}: ${bytes.length} bytes, at least 32 are needed`)
  return { id, bytes }
}
