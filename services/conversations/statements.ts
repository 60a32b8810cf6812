import type { StatementPart } from '../storage/statement-part.ts'
import { conversationColumns } from './rows.ts'

// A new activity's position is the seq that it took: unique for ever, and what comes later stands lower in the chat.
// Times are kept strictly increasing, since Web Chat may sort by them.

/** $1 id, $2 channel, $3 member, $4 language, $5 now, $6 body of the first activity or null, $7 its trace or null */
export const create = `
with opened as (
  insert into conversation (id, channel, member_id, language, page_language, last_seq, created_at, active_at, last_at)
  values ($1, $2, $3::uuid, $4, $4, case when $6::text is null then 0 else 1 end, $5, $5, $5)
  returning id, last_at
)
insert into activity (conversation_id, position, seq, direction, body, at, due, trace)
select id, 1, 1, 'in', $6::text, last_at, true, $7::text from opened where $6::text is not null`

/** $1 member, $2 channel */
export const openOf = `
select ${conversationColumns} from conversation
where member_id = $1 and channel = $2 and closed_at is null
order by active_at desc limit 1`

const takeInWith = (change: string, condition: string, before = ''): string => `
with ${before}known as (
  select position from activity where conversation_id = $1 and client_id = $2::text
), taken as (
  update conversation
  set last_seq = last_seq + 1, ${change}, last_at = greatest($4, last_at + interval '1 millisecond')
  where id = $1 and ${condition} and not exists (select from known)
  returning last_seq, last_at, member_id
), added as (
  insert into activity (conversation_id, position, seq, direction, client_id, body, at, due, trace)
  select $1, last_seq, last_seq, 'in', $2::text, $3, last_at, true, $5::text from taken
  on conflict (conversation_id, client_id) where client_id is not null do update set client_id = excluded.client_id
  returning position
)
select position, position = last_seq as fresh, member_id from added, taken
union all
select position, false, member_id from known, conversation where id = $1`

/**
 * $1 conversation, $2 client id or null, $3 body, $4 now, $5 trace or null. No row: the conversation is closed or unknown.
 * Of two at once with one client id, the second waits for the conversation's row and then meets the unique index.
 */
export const takeIn = takeInWith('active_at = $4', 'closed_at is null')

/** The same where `change`, whose values begin at $6, is made with it; no row, too, when that changed nothing. */
export const takeInWhere = (change: StatementPart['text']): string =>
  takeInWith(
    'active_at = $4',
    'closed_at is null and exists (select from changed)',
    `changed as (\n  ${change(6, 'true')}\n), `,
  )

/** What nobody has said: its member was not active, and a chat in Teams that was closed is the same one for ever. */
export const takeInUnasked = takeInWith('closed_at = null', 'true')

/** $1 conversation: its member has not been there yet. */
export const neverActive = "update conversation set active_at = 'epoch' where id = $1"

/** $1 at: of what came in before it and waits still */
export const withDue = `
select distinct conversation.id, conversation.member_id from activity join conversation on conversation.id = conversation_id
where due and at < $1`
