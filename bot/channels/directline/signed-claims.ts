import type { KeyObject } from 'node:crypto'
import { SignJWT, decodeProtectedHeader, jwtVerify } from 'jose'
import type { JWTPayload } from 'jose'
import type { KeyPurpose, Keyring } from '../../../services/keys/keyring.ts'

const issuer = 'moussaada'
/** Characters; ours have some 400. */
const LONGEST = 2_048

export interface Signing {
  readonly keyring: Keyring
  readonly now: () => Date
}

interface Kind {
  readonly purpose: KeyPurpose
  /** Keeps what was signed for one use from another. */
  readonly audience: string
  /** Milliseconds. */
  readonly lifetime: number
}

/** Signs claims as a JWT and reads them back: HS256 alone, with a key that its header names and only our keyring holds. */
export function createSignedClaims({ keyring, now }: Signing, { purpose, audience, lifetime }: Kind) {
  async function keyNamedBy(token: string): Promise<KeyObject> {
    const { kid } = decodeProtectedHeader(token)
    return keyring.byId(purpose, kid ?? '').key
  }

  return {
    /** @param until Unix milliseconds at which it ends, when that is sooner than the kind's lifetime */
    async sign(claims: JWTPayload, until = Infinity): Promise<string> {
      const { id, key } = keyring.current(purpose)
      const issued = now().getTime()
      return new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256', kid: id })
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt(new Date(issued))
        .setExpirationTime(new Date(Math.min(issued + lifetime, until)))
        .sign(key)
    },

    /** @returns undefined for anything that we did not sign for this use, or no longer hold good */
    async read(token: string): Promise<JWTPayload | undefined> {
      if (token.length > LONGEST) return undefined
      try {
        const options = { algorithms: ['HS256'], issuer, audience, currentDate: now(), requiredClaims: ['exp'] }
        return (await jwtVerify(token, await keyNamedBy(token), options)).payload
      } catch {
        return undefined
      }
    },
  }
}
