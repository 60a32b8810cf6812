import { z } from 'zod'
import type { Database } from '../storage/database.ts'
import { columnsOf } from '../storage/joined-row.ts'
import type { StoredActivity } from './activity.ts'
import { activityNames, toActivity } from './rows.ts'
import { referenceNames } from './teams-conversations.ts'
import { toUnsent, type DeliveryState, type Unsent } from './unsent.ts'

export interface TeamsDeliveries {
  /** At most `limit` of what was said or edited since; undefined for a conversation that is not one of Teams. */
  unsent(conversationId: string, limit: number): Promise<Unsent | undefined>
  /** What one message shows, in the chat's order: the message itself, and those that it shows too. */
  shownBy(conversationId: string, position: number): Promise<StoredActivity[]>
  /**
   * Marks that these are about to leave as one message, of which the last one gives its place. Throws when one of them is
   * marked already: another deliverer has it.
   */
  begin(conversationId: string, positions: readonly number[]): Promise<void>
  /**
   * What became of a message; everything up to `seq` is behind us. What `begins` is marked with it, as by `begin`: when that
   * may not be, nothing is settled.
   */
  settle(conversationId: string, settled: Settled): Promise<void>
  /** The same is tried again at `at`; nothing of it has left. */
  postpone(
    conversationId: string,
    postponed: { readonly positions: readonly number[]; readonly at: Date },
  ): Promise<void>
  /** Conversations with something to send, now. */
  waiting(limit: number): Promise<string[]>
}

export interface Settled {
  readonly positions: readonly number[]
  readonly state: DeliveryState
  readonly teamsActivityId?: string | undefined
  readonly seq: number
  /** Of one message that leaves next. */
  readonly begins?: readonly number[] | undefined
}

const idRow = z.object({ conversation_id: z.string() })

const waiting = `
select t.conversation_id from teams_conversation t
where t.blocked_at is null and (t.retry_at is null or t.retry_at <= $1) and exists (
  select from activity a
  where a.conversation_id = t.conversation_id and a.seq > t.delivered_seq and a.direction = 'out')
limit $2`

const columns = activityNames.map(name => `a.${name}`).join(', ')

/** $1 conversation, $2 at most. One statement, since all that is sent begins with it. */
const unsent = `
select ${columnsOf('t', [...referenceNames, 'delivered_seq', 'attempts', 'retry_at', 'blocked_at'])},
  ${columnsOf('a', activityNames)}, ${columnsOf('d', ['position', 'state', 'teams_activity_id', 'shown_in'])},
  d.shown_in is null and not exists (
    select from activity_delivery other where other.conversation_id = d.conversation_id and other.shown_in = d.position
  ) as "d.is_alone"
from teams_conversation t
left join lateral (
  select * from activity where conversation_id = t.conversation_id and seq > t.delivered_seq and direction = 'out'
  order by seq limit $2) a on true
left join activity_delivery d on d.conversation_id = a.conversation_id and d.position = a.position
where t.conversation_id = $1 order by a.seq`

const shownBy = `
select ${columns} from activity a
where a.conversation_id = $1 and (a.position = $2 or a.position in (
  select position from activity_delivery where conversation_id = $1 and shown_in = $2))
order by a.position`

/** What became of each message on its way to Teams. */
export function createTeamsDeliveries({ database, now }: { database: Database; now: () => Date }): TeamsDeliveries {
  const activities = async (sql: string, values: readonly unknown[]) =>
    (await database.query(sql, values)).rows.map(toActivity)

  return {
    async unsent(id, limit) {
      const { rows } = await database.query(unsent, [id, limit])
      return rows[0] && toUnsent(rows, limit)
    },
    shownBy: (id, position) => activities(shownBy, [id, position]),
    async begin(id, positions) {
      await database.query(mark, marking(id, { positions, state: 'sending' }))
    },
    async settle(id, { seq, begins = [], ...settled }) {
      const values = [...marking(id, settled), seq]
      if (begins.length === 0) await database.query(settle, values)
      else await database.query(settleAndBegin, [...values, [...begins], begins.at(-1)])
    },
    async postpone(id, { positions, at }) {
      await database.transaction(async tx => {
        const sql =
          "delete from activity_delivery where conversation_id = $1 and position = any($2) and state = 'sending'"
        await tx.query(sql, [id, positions])
        const update = 'update teams_conversation set attempts = attempts + 1, retry_at = $2 where conversation_id = $1'
        await tx.query(update, [id, at])
      })
    },
    async waiting(limit) {
      const { rows } = await database.query(waiting, [now(), limit])
      return rows.map(row => idRow.parse(row).conversation_id)
    },
  }
}

const mark = `
insert into activity_delivery as d (conversation_id, position, state, teams_activity_id, shown_in)
select $1, position, $3, $4, nullif($5::int, position) from unnest($2::int[]) as position`

const upsert = `${mark}
on conflict (conversation_id, position) do update set
  state = excluded.state, teams_activity_id = coalesce(excluded.teams_activity_id, d.teams_activity_id)`

const settled = `
update teams_conversation set delivered_seq = greatest(delivered_seq, $6), attempts = 0, retry_at = null
where conversation_id = $1`

const settle = `with marked as (${upsert}) ${settled}`

const settleAndBegin = `
with marked as (${upsert}), begun as (
  insert into activity_delivery (conversation_id, position, state, shown_in)
  select $1, position, 'sending', nullif($8::int, position) from unnest($7::int[]) as position
) ${settled}`

const marking = (id: string, { positions, state, teamsActivityId }: Omit<Settled, 'seq' | 'begins'>) => [
  id,
  [...positions],
  state,
  teamsActivityId ?? null,
  positions.at(-1) ?? null,
]
