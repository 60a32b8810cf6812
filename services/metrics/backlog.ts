import { z } from 'zod'
import type { Queryable } from '../storage/database.ts'

/** What waits, in the whole base and not only in this instance. Ages are in seconds; 0 when nothing waits. */
export interface Backlog {
  readonly inbox: { readonly due: number; readonly oldest: number }
  readonly jobs: readonly QueueBacklog[]
}

export interface QueueBacklog {
  readonly queue: string
  readonly waiting: number
  readonly oldest: number
  /** Given up after the last try, and kept for an operator to look at. */
  readonly failed: number
}

const inboxRow = z.object({ due: z.number(), oldest: z.number() })
const jobRow = z.object({ queue: z.string(), waiting: z.number(), oldest: z.number(), failed: z.number() })

const inbox = `
select count(*)::int as due, coalesce(extract(epoch from $1::timestamptz - min(at)), 0)::float8 as oldest
from activity where due`

// A job that is to run later, such as tomorrow night's, does not wait yet. pg-boss keeps its own queues under `__pgboss__`.
const jobs = `
select q.name as queue,
  count(j.id) filter (where j.state in ('created', 'retry') and j.start_after <= $1)::int as waiting,
  greatest(0, coalesce(extract(epoch from $1::timestamptz
    - min(j.start_after) filter (where j.state in ('created', 'retry') and j.start_after <= $1)), 0))::float8 as oldest,
  count(j.id) filter (where j.state = 'failed')::int as failed
from pgboss.queue q left join pgboss.job j on j.name = q.name
where q.name not like '\\_\\_pgboss%' group by q.name`

export async function readBacklog(database: Queryable, now: Date): Promise<Backlog> {
  const [due, queues] = await Promise.all([database.query(inbox, [now]), database.query(jobs, [now])])
  return { inbox: inboxRow.parse(due.rows[0]), jobs: queues.rows.map(row => jobRow.parse(row)) }
}
