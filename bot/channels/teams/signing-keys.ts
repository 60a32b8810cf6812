import { importJWK, type CryptoKey, type JWK } from 'jose'
import { z } from 'zod'
import { textWithin } from '../../../services/bounded-text.ts'
import type { Log } from '../../../services/log.ts'

/** A key that Bot Framework publishes, and the channels that may sign with it. */
export interface ChannelKey {
  readonly key: CryptoKey | Uint8Array
  readonly endorsements: readonly string[]
}

export interface SigningKeys {
  /** @returns `unknown` for a key that is not published; `unavailable` while no key could be fetched at all */
  find(kid: string): Promise<ChannelKey | 'unknown' | 'unavailable'>
  /** Another one for every other set of keys that was seen: what was verified under an earlier one no longer counts. */
  generation(): number
}

export interface SigningKeysDeps {
  readonly openIdMetadataUrl: string
  readonly log: Log
  readonly now: () => Date
}

/** Bot Framework asks for keys to be read again once a day. */
const FRESH_MS = 24 * 60 * 60 * 1000
/** Whoever invents key ids makes us ask no more often than this. */
const COOL_MS = 60 * 1000
const TIME_LIMIT_MS = 10_000

const metadataSchema = z.object({ jwks_uri: z.url({ protocol: /^https?$/ }) })
const keySchema = z.object({
  kty: z.literal('RSA'),
  kid: z.string(),
  n: z.string(),
  e: z.string(),
  use: z.string().optional(),
  endorsements: z.array(z.string()).default([]),
})
const keySetSchema = z.object({ keys: z.array(z.unknown()) })

type Keys = ReadonlyMap<string, ChannelKey>

export function createSigningKeys({ openIdMetadataUrl, log, now }: SigningKeysDeps): SigningKeys {
  let keys: Keys | undefined
  let generation = 0
  let fetchedAt = -Infinity
  let triedAt = -Infinity
  let fetching: Promise<void> | undefined

  async function refresh(): Promise<void> {
    triedAt = now().getTime()
    try {
      const fetched = await fetchKeys(openIdMetadataUrl)
      if (!keys || !sameNames(keys, fetched)) generation++
      keys = fetched
      fetchedAt = triedAt
    } catch (error) {
      log.warn('teams.keys-unavailable', { name: error instanceof Error ? error.name : typeof error })
    }
  }

  function refreshOnce(): Promise<void> {
    fetching ??= refresh().finally(() => (fetching = undefined))
    return fetching
  }

  return {
    async find(kid) {
      const at = now().getTime()
      const known = keys?.get(kid)
      // Whoever asks for keys that do not exist makes nobody else wait.
      if (known && at - fetchedAt < FRESH_MS) return known
      if (fetching || at - triedAt >= COOL_MS) await refreshOnce()
      return keys ? (keys.get(kid) ?? 'unknown') : 'unavailable'
    },
    generation: () => generation,
  }
}

function sameNames(one: Keys, other: Keys): boolean {
  return one.size === other.size && [...one.keys()].every(kid => other.has(kid))
}

/** Bytes; Bot Framework's key set has some 20 KiB. */
const LONGEST = 1024 * 1024

async function fetchJson(url: string): Promise<unknown> {
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(TIME_LIMIT_MS) })
  if (!response.ok) throw new Error('not answered')
  const text = await textWithin(response, LONGEST)
  if (text === undefined) throw new Error('too long')
  return JSON.parse(text)
}

async function fetchKeys(openIdMetadataUrl: string): Promise<Keys> {
  const { jwks_uri } = metadataSchema.parse(await fetchJson(openIdMetadataUrl))
  // What vouches for every message must not itself come over a plain line, unless all of it is on this machine.
  if (new URL(jwks_uri).protocol !== new URL(openIdMetadataUrl).protocol) throw new Error('keys over another protocol')
  const { keys } = keySetSchema.parse(await fetchJson(jwks_uri))
  const usable = keys.map(key => keySchema.safeParse(key).data).filter(key => key !== undefined)
  return new Map(await Promise.all(usable.map(read)))
}

async function read({ endorsements, kid, kty, n, e }: z.infer<typeof keySchema>): Promise<[string, ChannelKey]> {
  const jwk: JWK = { kty, n, e, alg: 'RS256' }
  return [kid, { key: await importJWK(jwk, 'RS256'), endorsements }]
}
