import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { IdentityProvider } from './identity-provider.ts'

export interface ForgeryOptions {
  readonly identity: IdentityProvider
  readonly serviceUrl: string
  readonly now?: () => Date
  /** Where the attacker publishes a key set; nobody may ask there. */
  readonly attackerUrl?: string
}

/** What is true, for the forger to change one thing of it. */
export interface Workshop {
  readonly identity: IdentityProvider
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: Readonly<Record<string, unknown>>
  readonly at: number
  readonly attacker: { readonly privateKey: KeyObject; readonly publicKey: KeyObject }
  readonly attackerUrl: string
}

/** Tokens by what is false in them. */
export type Kinds = Readonly<Record<string, string>>

export function openWorkshop({ identity, serviceUrl, now = () => new Date(), attackerUrl }: ForgeryOptions): Workshop {
  const at = Math.floor(now().getTime() / 1000)
  return {
    identity,
    at,
    header: { alg: 'RS256', typ: 'JWT', kid: identity.keys.current().kid },
    claims: {
      iss: identity.issuer,
      aud: identity.registration.appId,
      serviceurl: serviceUrl,
      nbf: at - 300,
      exp: at + 3600,
    },
    attacker: generateKeyPairSync('rsa', { modulusLength: 2048 }),
    attackerUrl: attackerUrl ?? 'http://127.0.0.1:9',
  }
}

export const without = (claims: Workshop['claims'], name: string): Record<string, unknown> =>
  Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name))
