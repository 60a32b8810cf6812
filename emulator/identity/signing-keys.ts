import type { KeyObject } from 'node:crypto'
import { generateKeyPair, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'

export interface SigningKey {
  readonly kid: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  /** Channels that may sign with it; undefined: published without the property. */
  readonly endorsements?: readonly string[]
}

/** A new RSA key of 2048 bits, the kind that Bot Framework signs with. */
export async function createSigningKey(endorsements?: readonly string[]): Promise<SigningKey> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  const kid = randomBytes(20).toString('base64url')
  return { kid, privateKey, publicKey, ...(endorsements && { endorsements }) }
}

/** As in Bot Framework's published set. */
export function publishedKey({ kid, publicKey, endorsements }: SigningKey): Record<string, unknown> {
  const { n, e } = publicKey.export({ format: 'jwk' })
  return { kty: 'RSA', use: 'sig', kid, x5t: kid, n, e, ...(endorsements && { endorsements }) }
}
