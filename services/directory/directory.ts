import { createHash } from 'node:crypto'
import { z } from 'zod'
import { canonicalId, foreignId } from '../foreign-id.ts'
import { open, seal } from '../keys/seal.ts'
import type { Keyring } from '../keys/keyring.ts'
import type { Cache } from '../storage/cache.ts'
import type { GraphAnswer } from './graph-answer.ts'
import type { Graph } from './graph-client.ts'
import { graphUser, nobody, person, personFields, type PersonResult } from './person.ts'

export interface Directory {
  /** Who a Teams account belongs to. @param aadObjectId as an authenticated activity names it */
  personOf(aadObjectId: string): Promise<PersonResult>
  /** The one person with this `employeeId`; `unknown` also when several who are there have it. */
  personWith(employeeId: string): Promise<PersonResult>
}

interface Deps {
  readonly graph: Graph
  readonly cache: Cache
  readonly keyring: Keyring
  readonly now: () => Date
}

/** Seconds. Somebody who left is refused this much later; somebody who was added is seen this much later. */
const FRESH = { person: 600, nobody: 60 }
/** Seconds that an old answer still serves while Graph is away. */
const KEPT = 3600

const remembered = z.object({ at: z.number(), answer: z.discriminatedUnion('found', [person, nobody]) })

export function createDirectory({ graph, cache, keyring, now }: Deps): Directory {
  const asking = new Map<string, Promise<PersonResult>>()
  const sealing = { keyring, purpose: 'directory' } as const

  async function recall(key: string): Promise<z.infer<typeof remembered> | undefined> {
    const text = await cache.get(key)
    if (text === undefined) return undefined
    try {
      return remembered.parse(JSON.parse(open(sealing, Buffer.from(text, 'base64'), key).toString('utf8')))
    } catch {
      // Of another version, or under a key that is gone: Graph is asked again.
      return undefined
    }
  }

  async function remember(key: string, answer: PersonResult): Promise<void> {
    const text = JSON.stringify({ at: now().getTime(), answer })
    const seconds = answer.found ? KEPT : FRESH.nobody
    await cache.set(key, seal(sealing, Buffer.from(text, 'utf8'), key).toString('base64'), seconds)
  }

  async function find(key: string, ask: () => Promise<PersonResult>): Promise<PersonResult> {
    const known = await recall(key)
    const freshSeconds = known?.answer.found ? FRESH.person : FRESH.nobody
    if (known && now().getTime() < known.at + freshSeconds * 1000) return known.answer
    const answer = await ask()
    if (!answer.found && answer.reason === 'unavailable') return known?.answer ?? answer
    await remember(key, answer)
    return answer
  }

  /** Several messages of one person ask once. */
  function findOnce(kind: string, name: string, ask: () => Promise<PersonResult>): Promise<PersonResult> {
    const key = `directory:${kind}:${createHash('sha256').update(name).digest('base64url')}`
    const pending = asking.get(key) ?? find(key, ask).finally(() => asking.delete(key))
    asking.set(key, pending)
    return pending
  }

  return {
    personOf(aadObjectId) {
      if (!isInPath(aadObjectId)) return Promise.resolve({ found: false, reason: 'unknown' })
      const id = canonicalId(aadObjectId)
      const path = `/users/${encodeURIComponent(id)}`
      return findOnce('id', id, async () =>
        onePerson(await graph({ method: 'get', path, query: { $select: personFields } }), id),
      )
    },
    personWith(employeeId) {
      const query = {
        $filter: `employeeId eq '${employeeId.replaceAll("'", "''")}'`,
        $select: personFields,
        $top: '10',
      }
      return findOnce('employee', employeeId, async () =>
        onlyPerson(await graph({ method: 'get', path: '/users', query })),
      )
    },
  }
}

/** Graph reads `.` and `..` as folders, and `$…` as a function, even when they are encoded. */
const isInPath = (id: string): boolean => foreignId.safeParse(id).success && !/^[.$]/.test(id) && !/[/\\]/.test(id)

/**
 * A refusal is a matter of consent in the tenant: for the member it is as if Graph were away. Graph also finds people by
 * their address and has functions where an id is expected: who is found must have this id.
 */
function onePerson(answer: GraphAnswer, id: string): PersonResult {
  if (!answer.ok) return { found: false, reason: answer.reason === 'notFound' ? 'unknown' : 'unavailable' }
  const found = graphUser.safeParse(answer.body).data
  if (!found) return { found: false, reason: 'unavailable' }
  return canonicalId(found.id) === id ? found : { found: false, reason: 'unknown' }
}

/** An account that somebody no longer uses may keep the number beside the one that they use. */
function onlyPerson(answer: GraphAnswer): PersonResult {
  if (!answer.ok) return { found: false, reason: 'unavailable' }
  const found = z.object({ value: z.array(graphUser) }).safeParse(answer.body).data?.value
  if (!found) return { found: false, reason: 'unavailable' }
  const inUse = found.filter(({ enabled, guest }) => enabled && !guest)
  const [only, another] = inUse.length > 0 ? inUse : found
  return only && !another ? only : { found: false, reason: 'unknown' }
}
