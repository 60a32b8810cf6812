import { z } from 'zod'
import type { Queryable } from '../storage/database.ts'
import type { EventBus } from '../storage/event-bus.ts'
import { type Principal, principalKey } from './principal.ts'
import { sessionLimits, sessionsTopic } from './sessions.ts'

/** Milliseconds for which an answer of the database is used again. */
const KNOWN_MS = 3_000
/** Milliseconds between two questions about all that is open here. */
const ASK_EVERY_MS = 2_000
/** Milliseconds: many who sign out together are asked about together. */
const GATHER_MS = 300

/** What is open here on behalf of principals, such as sockets. */
export interface Watcher {
  open(): Iterable<Principal>
  /** @param keys of {@link principalKey} */
  ended(keys: ReadonlySet<string>): void
}

/**
 * Whether a principal may still act. The database alone says so: every answer is at most {@link KNOWN_MS} old, whether
 * the event bus works or not.
 */
export interface Liveness {
  /** @throws {AppError} while the database does not answer and nothing is known */
  isLive(principal: Principal): Promise<boolean>
  /** Asks about all that is open, in one statement, and tells what has ended. @returns how to end that */
  watch(watcher: Watcher): () => void
}

interface Deps {
  readonly database: Queryable
  readonly eventBus: Pick<EventBus, 'subscribe'>
  readonly now: () => Date
}

/** Those of the sessions $1 (limits $3 and $4) and of the members $2 that have ended. */
const selectEnded = `
select id from unnest($1::uuid[]) as open (id) where not exists (
  select from session join member on member.id = session.member_id
  where session.id = open.id and session.created_at > $3 and session.seen_at > $4 and member.disabled_at is null)
union all
select id from unnest($2::uuid[]) as open (id) where not exists (
  select from member where member.id = open.id and member.disabled_at is null)`

const endedRow = z.object({ id: z.uuid() })

export function createLiveness({ database, eventBus, now }: Deps): Liveness {
  const known = createKnown(() => now().getTime())

  /** @returns the keys of those that have ended */
  async function ask(principals: Iterable<Principal>): Promise<Set<string>> {
    const asked = new Map(Array.from(principals, each => [principalKey(each), each]))
    if (asked.size === 0) return new Set()
    const at = now().getTime()
    const all = [...asked.values()]
    const sessions = all.flatMap(({ sessionId }) => sessionId ?? [])
    const members = all.flatMap(({ sessionId, memberId }) => (sessionId === undefined ? memberId : []))
    const { rows } = await database.query(selectEnded, [sessions, members, ...sessionLimits(now())])
    const gone = new Set(rows.map(row => endedRow.parse(row).id))
    const ended = new Set<string>()
    for (const [key, { sessionId, memberId }] of asked) {
      const isLive = !gone.has(sessionId ?? memberId)
      known.set(key, { at, isLive })
      if (!isLive) ended.add(key)
    }
    return ended
  }

  const askOnce = joined(async (principal: Principal) => (await ask([principal])).size === 0)
  eventBus.subscribe(sessionsTopic, known.doubt)

  return {
    async isLive(principal) {
      const { until } = principal
      if (until !== undefined && until <= now().getTime()) return false
      return known.get(principalKey(principal)) ?? (await askOnce(principal))
    },

    watch(watcher) {
      const look = inTurn(async () => {
        const ended = await ask(watcher.open())
        if (ended.size > 0) watcher.ended(ended)
      })
      const regularly = setInterval(look, ASK_EVERY_MS).unref()
      let soon: NodeJS.Timeout | undefined
      const unsubscribe = eventBus.subscribe(sessionsTopic, () => {
        soon ??= setTimeout(() => {
          soon = undefined
          look()
        }, GATHER_MS).unref()
      })
      return () => {
        clearInterval(regularly)
        clearTimeout(soon)
        unsubscribe()
      }
    },
  }
}

interface Answer {
  /** When the database was asked, Unix milliseconds. */
  readonly at: number
  readonly isLive: boolean
}

/** What the database said within {@link KNOWN_MS}. */
function createKnown(time: () => number) {
  const answers = new Map<string, Answer>()
  let doubted = 0

  const isFresh = ({ at }: Answer) => at > doubted && time() >= at && time() - at < KNOWN_MS

  return {
    get(key: string): boolean | undefined {
      const answer = answers.get(key)
      return answer && isFresh(answer) ? answer.isLive : undefined
    },
    set(key: string, answer: Answer): void {
      // In order of time: what is old stands first.
      for (const [other, old] of answers) {
        if (isFresh(old)) break
        answers.delete(other)
      }
      answers.delete(key)
      answers.set(key, answer)
    },
    /** Something has ended: everything is asked anew. */
    doubt: () => void (doubted = time()),
  }
}

/** Requests of one page that come together are one question. */
function joined(ask: (principal: Principal) => Promise<boolean>): (principal: Principal) => Promise<boolean> {
  const asking = new Map<string, Promise<boolean>>()
  return principal => {
    const key = principalKey(principal)
    const under = asking.get(key)
    if (under) return under
    const asked = ask(principal).finally(() => asking.delete(key))
    asking.set(key, asked)
    return asked
  }
}

/** One at a time. While the database is away it is asked again at the next beat. */
function inTurn(work: () => Promise<void>): () => void {
  let running = false
  return () => {
    if (running) return
    running = true
    work()
      .catch(() => undefined)
      .finally(() => (running = false))
  }
}
