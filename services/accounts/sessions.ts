import { createHash, randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { Database } from '../storage/database.ts'

/**
 * Half a day: a member leaves the page to photograph and scan papers, often on a phone, and finds it signed in. The
 * member's data stay behind their password from one day to the next.
 */
const IDLE_MS = 12 * 60 * 60 * 1000
/** However busy it is, a session ends after a week. */
export const ABSOLUTE_MS = 7 * 24 * 60 * 60 * 1000
/** How stale `seen_at` may become, so that reading a session seldom writes. */
const SEEN_EVERY_MS = 5 * 60 * 1000

export interface Sessions {
  /** @returns the cookie's value: 256 random bits, of which only a SHA-256 is stored */
  open(memberId: string): Promise<string>
  /** @returns the member's id while the session lives */
  find(value: string): Promise<string | undefined>
  /** @returns whose session it was */
  end(value: string): Promise<string | undefined>
  /** Signs the member out everywhere. */
  endAll(memberId: string): Promise<void>
  /** Removes what has expired. */
  sweep(): Promise<number>
}

const sessionRow = z.object({ member_id: z.uuid(), created_at: z.date(), seen_at: z.date() })

export function createSessions({ database, now }: { database: Database; now: () => Date }): Sessions {
  const ago = (milliseconds: number) => new Date(now().getTime() - milliseconds)

  async function touch(idHash: Buffer): Promise<void> {
    await database.query('update session set seen_at = $2 where id_hash = $1', [idHash, now()])
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
      const idHash = hashOf(value)
      const { rows } = await database.query(
        'select member_id, created_at, seen_at from session where id_hash = $1 and created_at > $2 and seen_at > $3',
        [idHash, ago(ABSOLUTE_MS), ago(IDLE_MS)],
      )
      if (!rows[0]) return undefined
      const session = sessionRow.parse(rows[0])
      if (session.seen_at < ago(SEEN_EVERY_MS)) await touch(idHash)
      return session.member_id
    },
    async end(value) {
      const { rows } = await database.query('delete from session where id_hash = $1 returning member_id', [
        hashOf(value),
      ])
      return rows[0] && z.object({ member_id: z.uuid() }).parse(rows[0]).member_id
    },
    async endAll(memberId) {
      await database.query('delete from session where member_id = $1', [memberId])
    },
    async sweep() {
      const { count } = await database.query('delete from session where created_at <= $1 or seen_at <= $2', [
        ago(ABSOLUTE_MS),
        ago(IDLE_MS),
      ])
      return count
    },
  }
}

function hashOf(value: string): Buffer {
  return createHash('sha256').update(value).digest()
}
