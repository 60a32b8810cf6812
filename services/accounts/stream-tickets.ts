import type { Queryable } from '../storage/database.ts'

/** Which tickets have opened their stream, whichever instance it was on. */
export interface StreamTickets {
  /** @returns false when it was used before */
  use(ticket: { readonly id: string; readonly expires: Date }): Promise<boolean>
  /** Forgets those that would no longer open anything. @returns how many */
  sweep(): Promise<number>
}

export function createStreamTickets({ database, now }: { database: Queryable; now: () => Date }): StreamTickets {
  return {
    async use({ id, expires }) {
      const { count } = await database.query(
        'insert into used_stream_ticket (id, expires_at) values ($1, $2) on conflict do nothing',
        [id, expires],
      )
      return count === 1
    },
    async sweep() {
      return (await database.query('delete from used_stream_ticket where expires_at <= $1', [now()])).count
    },
  }
}
