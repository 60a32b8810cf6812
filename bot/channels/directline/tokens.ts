import { hash } from 'node:crypto'
import { z } from 'zod'
import type { Principal } from '../../../services/accounts/principal.ts'
import { TOKEN_LIFETIME } from './limits.ts'
import { claimsOfPrincipal, principalClaims, principalOf } from './principal-claims.ts'
import { createSignedClaims } from './signed-claims.ts'
import type { Signing } from './signed-claims.ts'

/** Whose token it is. */
export interface Bearer extends Principal {
  /** The conversation it was issued for: known to be this member's. */
  readonly conversationId?: string
  /** Unix seconds. */
  readonly expires: number
}

export interface Tokens {
  issue(principal: Principal, conversationId?: string): Promise<string>
  /** Checks what the token itself says, not whether its session lives. */
  read(token: string): Promise<Bearer | undefined>
  /** A token in place of this one, for as long as its session lives or the portal vouched. */
  renew(bearer: Bearer, conversationId?: string): Promise<IssuedToken>
}

export interface IssuedToken {
  readonly token: string
  /** Seconds. */
  readonly expiresIn: number
}

const userPrefix = 'dl_'
/** Longer ones are not ours. */
const LONGEST = 2048
const CACHED = 5000

const claimsSchema = z.object({
  user: z.templateLiteral([userPrefix, z.uuid()]),
  conv: z.string().optional(),
  exp: z.number(),
  ...principalClaims,
})

/** The id by which Web Chat knows a member: opaque, and with the prefix that only a token may carry. */
export const userIdOf = (memberId: string): string => `${userPrefix}${memberId}`

/**
 * Direct Line tokens: JWTs, since Web Chat reads `user` from them. They carry the id of their session; those that the
 * portal asked for carry when it must be asked again. Those found good are remembered until they expire.
 */
export function createTokens(signing: Signing): Tokens {
  const signed = createSignedClaims(signing, { purpose: 'token', audience: 'directline', lifetime: TOKEN_LIFETIME })
  const verified = createVerifiedTokens(signing.now)

  const sign = (principal: Principal, conversationId: string | undefined): Promise<string> => {
    const conversation = conversationId !== undefined && { conv: conversationId }
    const claims = { user: userIdOf(principal.memberId), ...conversation, ...claimsOfPrincipal(principal) }
    return signed.sign(claims, principal.until)
  }

  return {
    issue: sign,

    async read(token) {
      if (token.length > LONGEST) return undefined
      const known = verified.get(token)
      if (known) return known
      const claims = claimsSchema.safeParse(await signed.read(token))
      if (!claims.success) return undefined
      const { user, conv, exp } = claims.data
      const principal = principalOf(user.slice(userPrefix.length), claims.data)
      if (!principal) return undefined
      return verified.add(token, { ...principal, expires: exp, ...(conv !== undefined && { conversationId: conv }) })
    },

    async renew(bearer, conversationId = bearer.conversationId) {
      const left = (bearer.until ?? Infinity) - signing.now().getTime()
      const expiresIn = Math.floor(Math.min(TOKEN_LIFETIME, left) / 1000)
      return { token: await sign(bearer, conversationId), expiresIn }
    },
  }
}

/** Spares the signature's check on every request. Holds hashes, so that no token lies in memory. */
function createVerifiedTokens(now: () => Date) {
  const bearers = new Map<string, Bearer>()
  const hashOf = (token: string) => hash('sha256', token, 'base64')

  return {
    get(token: string): Bearer | undefined {
      const key = hashOf(token)
      const bearer = bearers.get(key)
      if (bearer && bearer.expires * 1000 > now().getTime()) return bearer
      bearers.delete(key)
      return undefined
    },

    add(token: string, bearer: Bearer): Bearer {
      const [oldest] = bearers.keys()
      if (bearers.size >= CACHED && oldest !== undefined) bearers.delete(oldest)
      bearers.set(hashOf(token), bearer)
      return bearer
    },
  }
}
