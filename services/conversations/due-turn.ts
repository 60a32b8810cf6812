import { z } from 'zod'
import { draftRow } from '../drafts/draft-store.ts'
import type { Draft } from '../drafts/draft.ts'
import type { Keyring } from '../keys/keyring.ts'
import { relativesOf, toMember } from '../members/member-store.ts'
import type { Member } from '../members/member.ts'
import type { Database, Row } from '../storage/database.ts'
import { columnsOf, part } from '../storage/joined-row.ts'
import type { StoredActivity } from './activity.ts'
import type { Conversation } from './conversation.ts'
import { activityNames, conversationNames, toActivity, toConversation } from './rows.ts'

/** What came in first of what waits in a conversation, with all that its turn begins with. */
export interface DueTurn {
  readonly conversation: Conversation
  readonly activity: StoredActivity
  /** Undefined while nobody knows whose conversation it is. */
  readonly member: Member | undefined
  readonly draft: Draft | undefined
  /** W3C `traceparent` of the request that brought it. */
  readonly trace: string | undefined
  /** Something else waits behind it. */
  readonly hasMore: boolean
}

const draftNames = [
  'id',
  'member_id',
  'version',
  'consent_version',
  'consent_language',
  'consent_at',
  'rib_hash',
  'beneficiary',
  'relative_id',
  'motif',
  'document_id',
  'editing',
  'language',
  'channel',
  'created_at',
  'updated_at',
]

/** One statement for every turn, instead of one for each of the tables. $1 conversation */
const selectDueTurn = `
select ${columnsOf('conversation', conversationNames)}, ${columnsOf('activity', activityNames)},
  ${columnsOf('member', ['id', 'ppr', 'name', 'rib_sealed'])}, ${relativesOf('member.id')} as "member.relatives",
  ${columnsOf('draft', draftNames)},
  document.name as "draft.document_name", document.pages as "draft.document_pages", activity.trace,
  exists (select from activity other where other.conversation_id = $1 and other.due and other.seq > activity.seq) as more
from conversation
cross join lateral (
  select * from activity where conversation_id = $1 and due order by seq limit 1) as activity
left join member on member.id = conversation.member_id
left join draft on draft.member_id = member.id
left join document on document.id = draft.document_id
where conversation.id = $1`

const aboutRow = z.object({ more: z.boolean(), trace: z.string().nullable() })

export function createDueTurns({ database, keyring }: { database: Database; keyring: Keyring }) {
  return {
    /** What waits in this conversation, the first of it; undefined when nothing does. */
    async next(conversationId: string): Promise<DueTurn | undefined> {
      const { rows } = await database.query(selectDueTurn, [conversationId])
      return rows[0] && toDueTurn(rows[0], keyring)
    },
  }
}

export type DueTurns = ReturnType<typeof createDueTurns>

function toDueTurn(row: Row, keyring: Keyring): DueTurn {
  const member = part(row, 'member')
  const draft = part(row, 'draft')
  const { more, trace } = aboutRow.parse(row)
  return {
    conversation: toConversation(part(row, 'conversation') ?? {}),
    activity: toActivity(part(row, 'activity', 'conversation_id') ?? {}),
    member: member && toMember(member, keyring),
    draft: draft && draftRow.parse(draft),
    trace: trace ?? undefined,
    hasMore: more,
  }
}
