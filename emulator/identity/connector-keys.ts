import { SignJWT } from 'jose'
import { createSigningKey, publishedKey, type SigningKey } from './signing-keys.ts'

/** Channels whose tokens a real Bot Framework key may sign; Teams is `msteams`. */
const endorsements = ['msteams', 'webchat', 'directline', 'skypeforbusiness', 'email', 'slack']

export interface ConnectorKeys {
  /** The one that signs now. */
  current(): SigningKey
  /** Published too, without endorsements. */
  readonly unendorsed: SigningKey
  /** Published too, for a channel that is not Teams. */
  readonly otherChannel: SigningKey
  published(): Record<string, unknown>[]
  /** A new signing key. Tokens of the old one stay valid until `retire` takes it out of the published set. */
  rotate(): Promise<void>
  retire(): void
}

export async function createConnectorKeys(): Promise<ConnectorKeys> {
  const [first, unendorsed, otherChannel] = await Promise.all([
    createSigningKey(endorsements),
    createSigningKey(),
    createSigningKey(['slack']),
  ])
  let keys: readonly SigningKey[] = [first]
  const current = (): SigningKey => keys[0] ?? first
  return {
    current,
    unendorsed,
    otherChannel,
    published: () => [...keys, unendorsed, otherChannel].map(publishedKey),
    async rotate() {
      keys = [await createSigningKey(endorsements), ...keys]
    },
    retire() {
      keys = [current()]
    },
  }
}

export interface ConnectorClaims {
  readonly issuer: string
  readonly appId: string
  readonly serviceUrl: string
  readonly at: Date
}

/** A token of the connector for the bot: from five minutes ago, for an hour. */
export async function signForConnector(key: SigningKey, claims: ConnectorClaims): Promise<string> {
  const at = Math.floor(claims.at.getTime() / 1000)
  return await new SignJWT({ serviceurl: claims.serviceUrl })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: key.kid, x5t: key.kid })
    .setIssuer(claims.issuer)
    .setAudience(claims.appId)
    .setNotBefore(at - 300)
    .setExpirationTime(at + 3600)
    .sign(key.privateKey)
}
