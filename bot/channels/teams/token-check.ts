import { createHash } from 'node:crypto'
import { decodeProtectedHeader, jwtVerify } from 'jose'
import { z } from 'zod'
import type { ChannelKey, SigningKeys } from './signing-keys.ts'

/** What a token of Bot Framework's says, once all of it is verified. */
export interface ChannelClaims {
  /** The connector that this token lets speak, and that replies go to. */
  readonly serviceUrl: string
}

/** `unavailable`: nothing is known of the token, since there are no keys to check it with. */
export type TokenVerdict =
  { readonly ok: true; readonly claims: ChannelClaims } | { readonly ok: false; readonly reason: Refused }
type Refused = 'malformed' | 'unknown-key' | 'not-endorsed' | 'invalid' | 'unavailable'

export interface TokenCheck {
  /** @param header the `Authorization` header as it came */
  check(header: string | undefined): Promise<TokenVerdict>
}

export interface TokenCheckDeps {
  readonly keys: SigningKeys
  readonly appId: string
  readonly issuer: string
  readonly now: () => Date
}

/** Bot Framework's keys are RSA with SHA-256; its documentation asks for these five minutes. */
const algorithms = ['RS256']
const TOLERANCE_S = 300
const CHANNEL = 'msteams'
/** Its tokens have about 1.5 KiB. */
const LONGEST = 8 * 1024
const MOST_KEPT = 500

const bearer = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/
const headerSchema = z.object({ alg: z.enum(algorithms), kid: z.string().min(1).max(200) })
const claimsSchema = z.object({ serviceurl: z.url(), exp: z.number(), nbf: z.number() })

interface Kept {
  readonly claims: ChannelClaims
  readonly until: number
  readonly generation: number
}

/**
 * Checks a token before anything else looks at it: Microsoft's library takes a key without endorsements, and remembers
 * something of every token that it has not verified.
 */
export function createTokenCheck({ keys, appId, issuer, now }: TokenCheckDeps): TokenCheck {
  const kept = new Map<string, Kept>()

  function known(hash: string): ChannelClaims | undefined {
    const one = kept.get(hash)
    if (!one) return undefined
    if (one.until > now().getTime() && one.generation === keys.generation()) return one.claims
    kept.delete(hash)
    return undefined
  }

  function keep(hash: string, one: Kept): void {
    if (kept.size >= MOST_KEPT) for (const [oldest] of kept.entries().take(1)) kept.delete(oldest)
    kept.set(hash, one)
  }

  async function verify(token: string, { key }: ChannelKey): Promise<z.infer<typeof claimsSchema> | undefined> {
    const options = { algorithms, issuer, clockTolerance: TOLERANCE_S, currentDate: now() }
    const verified = await jwtVerify(token, key, { ...options, audience: appId }).catch(() => undefined)
    const claims = claimsSchema.safeParse(verified?.payload).data
    // A list of audiences that holds ours among others is none of Bot Framework's.
    return verified?.payload.aud === appId ? claims : undefined
  }

  return {
    async check(header) {
      const token = tokenIn(header)
      const head = token === undefined ? undefined : headOf(token)
      if (token === undefined || !head) return { ok: false, reason: 'malformed' }
      const hash = createHash('sha256').update(token).digest('base64')
      const before = known(hash)
      if (before) return { ok: true, claims: before }
      const key = await keys.find(head.kid)
      if (key === 'unknown') return { ok: false, reason: 'unknown-key' }
      if (key === 'unavailable') return { ok: false, reason: 'unavailable' }
      if (!key.endorsements.includes(CHANNEL)) return { ok: false, reason: 'not-endorsed' }
      const found = await verify(token, key)
      if (!found) return { ok: false, reason: 'invalid' }
      const claims = { serviceUrl: found.serviceurl }
      keep(hash, { claims, until: found.exp * 1000, generation: keys.generation() })
      return { ok: true, claims }
    },
  }
}

function tokenIn(header: string | undefined): string | undefined {
  return header !== undefined && header.length <= LONGEST ? bearer.exec(header)?.[1] : undefined
}

function headOf(token: string): z.infer<typeof headerSchema> | undefined {
  try {
    return headerSchema.safeParse(decodeProtectedHeader(token)).data
  } catch {
    return undefined
  }
}
