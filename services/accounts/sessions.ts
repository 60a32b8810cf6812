import { createHash, randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { Queryable } from '../storage/database.ts'
import type { EventBus } from '../storage/event-bus.ts'

/**
 * Half a day: a member leaves the page to photograph and scan papers, often on a phone, and finds it signed in. The
 * member's data stay behind their password from one day to the next.
 */
const IDLE_MS = 12 * 60 * 60 * 1000
/** However busy it is, a session ends after a week. */
export const ABSOLUTE_MS = 7 * 24 * 60 * 60 * 1000
/** How stale `seen_at` may become, so that using a session seldom writes. */
const SEEN_EVERY_MS = 5 * 60 * 1000

/** Says that a session has ended before its time. Which one is read from the database. */
export const sessionsTopic = 'sessions'

export interface Session {
  /** Names the row in tokens and links. It opens nothing. */
  readonly id: string
  readonly memberId: string
}

export interface Sessions {
  /** @returns the cookie's value: 256 random bits, of which only a SHA-256 is stored */
  open(memberId: string): Promise<string>
  /** @param value the cookie's. @returns undefined once the session has ended */
  find(value: string): Promise<Session | undefined>
  /** The member does something: the idle time begins again. Writes every five minutes at most. */
  touch(id: string): Promise<void>
  /** @param value the cookie's */
  end(value: string): Promise<void>
  /** Removes what has expired. */
  sweep(): Promise<number>
}

export interface SessionsDeps {
  readonly database: Queryable
  readonly eventBus: Pick<EventBus, 'publish'>
  readonly now: () => Date
}

/** The oldest `created_at` and `seen_at` of a session that lives. */
export function sessionLimits(now: Date): readonly [created: Date, seen: Date] {
  return [new Date(now.getTime() - ABSOLUTE_MS), new Date(now.getTime() - IDLE_MS)]
}

const sessionRow = z.object({ id: z.uuid(), member_id: z.uuid(), seen_at: z.date() })

/** $1 hash of the cookie's value, $2 and $3 the limits */
const selectLiving = `
select session.id, session.member_id, session.seen_at from session join member on member.id = session.member_id
where session.id_hash = $1 and session.created_at > $2 and session.seen_at > $3 and member.disabled_at is null`

export function createSessions({ database, eventBus, now }: SessionsDeps): Sessions {
  const tellEnded = () => void eventBus.publish(sessionsTopic).catch(() => undefined)
  const staleSince = () => new Date(now().getTime() - SEEN_EVERY_MS)
  const touched = new Map<string, number>()

  async function see(id: string): Promise<void> {
    const stale = staleSince().getTime()
    if ((touched.get(id) ?? 0) > stale) return
    for (const [other, at] of touched) if (at <= stale) touched.delete(other)
    touched.set(id, now().getTime())
    await database.query('update session set seen_at = $2 where id = $1 and seen_at < $3', [id, now(), staleSince()])
  }

  return {
    async open(memberId) {
      const value = randomBytes(32).toString('base64url')
      await database.query('insert into session (id_hash, member_id, created_at, seen_at) values ($1, $2, $3, $3)', [
        hashOf(value),
        memberId,
        now(),
      ])
      return value
    },
    async find(value) {
      const { rows } = await database.query(selectLiving, [hashOf(value), ...sessionLimits(now())])
      if (!rows[0]) return undefined
      const { id, member_id: memberId, seen_at: seenAt } = sessionRow.parse(rows[0])
      if (seenAt < staleSince()) await see(id)
      return { id, memberId }
    },
    touch: see,
    async end(value) {
      const { count } = await database.query('delete from session where id_hash = $1', [hashOf(value)])
      if (count > 0) tellEnded()
    },
    async sweep() {
      const { count } = await database.query('delete from session where created_at <= $1 or seen_at <= $2', [
        ...sessionLimits(now()),
      ])
      return count
    },
  }
}

function hashOf(value: string): Buffer {
  return createHash('sha256').update(value).digest()
}
