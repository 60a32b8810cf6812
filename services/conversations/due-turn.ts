import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { draftRow } from '../drafts/draft-store.ts'
import type { Draft } from '../drafts/draft.ts'
import type { Keyring } from '../keys/keyring.ts'
import { relativesOf, toMember } from '../members/member-store.ts'
import type { Member } from '../members/member.ts'
import type { Database, Row } from '../storage/database.ts'
import { columnsOf, part } from '../storage/joined-row.ts'
import type { StoredActivity } from './activity.ts'
import { withStorableText } from './clean-text.ts'
import type { Conversation, TakenIn } from './conversation.ts'
import type { Incoming } from './conversation-store.ts'
import { activityNames, conversationNames, toActivity, toConversation } from './rows.ts'
import { type KnownReference, placeColumns, placeOf, type TeamsReference, toPlace } from './teams-conversations.ts'

/** What came in first of what waits in a conversation, with all that its turn begins with. */
export interface DueTurn {
  readonly conversation: Conversation
  readonly activity: StoredActivity
  /** The activity is stored by the end of its turn, with the position that it has here, or else not at all. */
  readonly isArriving?: boolean
  /** Undefined while nobody knows whose conversation it is. */
  readonly member: Member | undefined
  readonly draft: Draft | undefined
  /** Of a conversation of Teams. */
  readonly place?: KnownReference | undefined
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

const beginning = `${columnsOf('conversation', conversationNames)},
  ${columnsOf('member', ['id', 'ppr', 'name', 'rib_sealed'])}, ${relativesOf('member.id')} as "member.relatives",
  ${columnsOf('draft', draftNames)},
  document.name as "draft.document_name", document.pages as "draft.document_pages"`

const beginningOf = `left join member on member.id = conversation.member_id
left join draft on draft.member_id = member.id
left join document on document.id = draft.document_id
where conversation.id = $1`

/** One statement for every turn, instead of one for each of the tables. $1 conversation */
const selectDueTurn = `
select ${beginning}, ${columnsOf('activity', activityNames)}, activity.trace, ${placeColumns},
  exists (select from activity other where other.conversation_id = $1 and other.due and other.seq > activity.seq) as more
from conversation
cross join lateral (
  select * from activity where conversation_id = $1 and due order by seq limit 1) as activity${placeOf('$1')}
${beginningOf}`

const selectArriving = (columns = '', tables = ''): string => `
select ${beginning}, exists (select from activity where conversation_id = $1 and due) as waiting,
  (select position from activity where conversation_id = $1 and client_id = $2::text) as known${columns}
from conversation${tables}
${beginningOf}`

/** The same for what is not stored yet. $1 conversation, $2 client id or null */
const selectArrivingTurn = selectArriving()
const selectArrivingTurnOfTeams = selectArriving(`, ${placeColumns}`, placeOf('$1', ' and place.blocked_at is null'))

const aboutRow = z.object({ more: z.boolean(), trace: z.string().nullable() })
const arrivalRow = z.object({ waiting: z.boolean(), known: z.number().nullable() })

/** `behind`: something else is stored before it. */
export type Arrival = TakenIn | { readonly taken: 'behind' } | { readonly taken: 'now'; readonly turn: DueTurn }

interface Deps {
  readonly database: Database
  readonly keyring: Keyring
  readonly now: () => Date
}

export function createDueTurns({ database, keyring, now }: Deps) {
  return {
    /**
     * The turn of what came in just now, before it is stored.
     * @param reference where a conversation of Teams is reached now: what is new in it is stored first
     */
    async arriving(conversationId: string, incoming: Incoming, reference?: TeamsReference): Promise<Arrival> {
      const statement = reference ? selectArrivingTurnOfTeams : selectArrivingTurn
      const { rows } = await database.query(statement, [conversationId, incoming.clientId ?? null])
      const begun = rows[0] && toBeginning(rows[0], keyring)
      if (!rows[0] || !begun) return { taken: 'closed' }
      const { waiting, known } = arrivalRow.parse(rows[0])
      const place = reference && toPlace(rows[0])
      const { conversation, member } = begun
      if (known !== null) return { taken: 'again', position: known, ...(member && { memberId: member.id }) }
      if (conversation.closedAt) return { taken: 'closed' }
      if (waiting || !isDeepStrictEqual(place?.reference, reference)) return { taken: 'behind' }
      const activity = arrivingIn(conversation, incoming, now())
      return { taken: 'now', turn: { ...begun, activity, place, isArriving: true, trace: undefined, hasMore: false } }
    },

    /** What waits in this conversation, the first of it; undefined when nothing does. */
    async next(conversationId: string): Promise<DueTurn | undefined> {
      const { rows } = await database.query(selectDueTurn, [conversationId])
      return rows[0] && toDueTurn(rows[0], keyring)
    },
  }
}

export type DueTurns = ReturnType<typeof createDueTurns>

function toBeginning(row: Row, keyring: Keyring): Pick<DueTurn, 'conversation' | 'member' | 'draft'> {
  const member = part(row, 'member')
  const draft = part(row, 'draft')
  return {
    conversation: toConversation(part(row, 'conversation') ?? {}),
    member: member && toMember(member, keyring),
    draft: draft && draftRow.parse(draft),
  }
}

function toDueTurn(row: Row, keyring: Keyring): DueTurn {
  const { more, trace } = aboutRow.parse(row)
  const activity = toActivity(part(row, 'activity', 'conversation_id') ?? {})
  return { ...toBeginning(row, keyring), activity, place: toPlace(row), trace: trace ?? undefined, hasMore: more }
}

function arrivingIn({ id, lastSeq }: Conversation, { clientId, body }: Incoming, at: Date): StoredActivity {
  const position = lastSeq + 1
  const place = { conversationId: id, position, seq: position, direction: 'in', due: true } as const
  return { ...place, at, body: withStorableText(body), ...(clientId !== undefined && { clientId }) }
}
