import { hash } from 'node:crypto'
import { z } from 'zod'
import { RENEWAL_LIFETIME, TOKEN_LIFETIME } from './limits.ts'
import { createSignedClaims } from './signed-claims.ts'
import type { Signing } from './signed-claims.ts'

/** Whose token it is. */
export interface Bearer {
  readonly memberId: string
  /** The conversation it was issued for: known to be this member's. */
  readonly conversationId?: string
  /** When the first token of this line of renewals was issued; milliseconds, as Unix time. */
  readonly since: number
  /** Unix seconds. */
  readonly expires: number
}

export interface Tokens {
  issue(bearer: { memberId: string; conversationId?: string | undefined }): Promise<string>
  read(token: string): Promise<Bearer | undefined>
  /** A token in place of this one. @returns undefined when its line of renewals has come to its end */
  renew(bearer: Bearer, conversationId?: string): Promise<string | undefined>
  /** From now on the member's tokens are no good, as after they signed out. Known to this process alone. */
  revoke(memberId: string): void
}

const userPrefix = 'dl_'
/** Longer ones are not ours. */
const LONGEST = 2048
const CACHED = 5000

const claimsSchema = z.object({
  user: z.templateLiteral([userPrefix, z.uuid()]),
  conv: z.string().optional(),
  since: z.number(),
  exp: z.number(),
})

/** The id by which Web Chat knows a member: opaque, and with the prefix that only a token may carry. */
export const userIdOf = (memberId: string): string => `${userPrefix}${memberId}`

/** Direct Line tokens: JWTs, since Web Chat reads `user` from them. Those found good are remembered until they expire. */
export function createTokens(signing: Signing): Tokens {
  const signed = createSignedClaims(signing, { purpose: 'token', audience: 'directline', lifetime: TOKEN_LIFETIME })
  const verified = createVerifiedTokens(signing.now)
  const revoked = createRevocations(signing.now)

  const sign = (memberId: string, since: number, conversationId: string | undefined): Promise<string> =>
    signed.sign({
      user: userIdOf(memberId),
      since,
      ...(conversationId !== undefined && { conv: conversationId }),
    })

  return {
    issue: ({ memberId, conversationId }) => sign(memberId, signing.now().getTime(), conversationId),

    async read(token) {
      if (token.length > LONGEST) return undefined
      const known = verified.get(token)
      if (known) return revoked.holds(known) ? undefined : known
      const claims = claimsSchema.safeParse(await signed.read(token))
      if (!claims.success) return undefined
      const { user, conv, since, exp } = claims.data
      const bearer = { memberId: user.slice(userPrefix.length), since, expires: exp }
      if (revoked.holds(bearer)) return undefined
      return verified.add(token, conv === undefined ? bearer : { ...bearer, conversationId: conv })
    },

    async renew({ memberId, since, conversationId: own }, conversationId = own) {
      const age = signing.now().getTime() - since
      return age > RENEWAL_LIFETIME ? undefined : sign(memberId, since, conversationId)
    },

    revoke: memberId => revoked.add(memberId),
  }
}

/** Remembered for as long as a token can be renewed. */
function createRevocations(now: () => Date) {
  const times = new Map<string, number>()

  return {
    add(memberId: string): void {
      const time = now().getTime()
      for (const [member, revoked] of times) if (time - revoked > RENEWAL_LIFETIME) times.delete(member)
      times.set(memberId, time)
    },
    holds: ({ memberId, since }: Bearer): boolean => since <= (times.get(memberId) ?? 0),
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
