import { z } from 'zod'
import type { Language } from '../language.ts'
import { accountNames, accountRow, type TeamsAccount } from '../accounts/teams-accounts.ts'
import type { Database, Queryable, Row } from '../storage/database.ts'
import { columnsOf, part } from '../storage/joined-row.ts'
import type { ActivityBody } from './activity.ts'
import type { TakenIn } from './conversation.ts'
import type { ConversationStore, Incoming } from './conversation-store.ts'

/** Where a conversation in Teams is reached, and whose account it is. */
export interface TeamsReference {
  readonly conversationId: string
  readonly teamsId: string
  readonly serviceUrl: string
  readonly botId: string
  readonly userId: string
  /** Entra's object id. */
  readonly account: string
  readonly accountName: string
}

export interface KnownReference {
  readonly reference: TeamsReference
  readonly known: TeamsAccount | undefined
}

export interface TeamsConversations {
  /**
   * Stores what came in as due, once for each client id, and where its conversation is reached. A new conversation is
   * opened for it, one that was closed is opened again.
   */
  takeIn(reference: TeamsReference, incoming: Incoming & { readonly language: Language }): Promise<TakenIn>
  /**
   * Opens a conversation, or opens it again after {@link block}, with `first` as due.
   * @returns false when it was open and something was said in it already: nothing is stored
   */
  open(reference: TeamsReference, first: { readonly body: ActivityBody; readonly language: Language }): Promise<boolean>
  /** The conversation is this member's from now on. */
  assign(conversationId: string, memberId: string): Promise<void>
  /** Nothing is sent there any more, until its member is back; they may have been since `asOf`. */
  block(conversationId: string, asOf: Date): Promise<void>
}

export const referenceNames = [
  'conversation_id',
  'teams_id',
  'service_url',
  'bot_id',
  'user_id',
  'account',
  'account_name',
] as const
const columns = referenceNames.join(', ')
export const referenceRow = z
  .object({
    conversation_id: z.string(),
    teams_id: z.string(),
    service_url: z.string(),
    bot_id: z.string(),
    user_id: z.string(),
    account: z.string(),
    account_name: z.string(),
  })
  .transform(row => ({
    conversationId: row.conversation_id,
    teamsId: row.teams_id,
    serviceUrl: row.service_url,
    botId: row.bot_id,
    userId: row.user_id,
    account: row.account,
    accountName: row.account_name,
  }))

// What could not be sent while the member was away from Teams is old by now: it stands in the web chat.
/** $1 to $7 the reference, $8 now, $9 language */
const ensure = `
with opened as (
  insert into conversation (id, channel, language, created_at, active_at, last_at) values ($1, 'msteams', $9, $8, $8, $8)
  on conflict (id) do update set closed_at = null where conversation.closed_at is not null
)
insert into teams_conversation as t (${columns}, seen_at) values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (conversation_id) do update set
  service_url = excluded.service_url, bot_id = excluded.bot_id, user_id = excluded.user_id,
  account = excluded.account, account_name = excluded.account_name, seen_at = excluded.seen_at, blocked_at = null,
  delivered_seq = case when t.blocked_at is null then t.delivered_seq
    else (select last_seq from conversation where id = t.conversation_id) end`

/** For the most part it is known and was reached before. $1 conversation */
const seenAgain = (first: number, condition: string): string => `
update teams_conversation set service_url = $${first}, bot_id = $${first + 1}, user_id = $${first + 2},
  account = $${first + 3}, account_name = $${first + 4}, seen_at = $${first + 5}
where conversation_id = $1 and blocked_at is null and ${condition} returning conversation_id`

/** Where a conversation is reached, with what is known of its account, in a statement that has its tables as these. */
export const placeColumns = `${columnsOf('place', referenceNames)}, ${columnsOf('account', accountNames)}`
export const placeOf = (conversation: string, condition = ''): string => `
left join teams_conversation place on place.conversation_id = ${conversation}${condition}
left join teams_account account on account.account = place.account`

/** @returns undefined for a conversation that is not one of Teams */
export function toPlace(row: Row): KnownReference | undefined {
  const place = part(row, 'place', 'conversation_id')
  const account = part(row, 'account', 'account')
  return place && { reference: referenceRow.parse(place), known: account && accountRow.parse(account) }
}

interface Deps {
  readonly database: Database
  readonly conversations: ConversationStore
  readonly now: () => Date
}

export function createTeamsConversations({ database, conversations, now }: Deps): TeamsConversations {
  async function makeKnown(
    queryable: Queryable,
    { reference, language }: { reference: TeamsReference; language: Language },
  ): Promise<void> {
    const { conversationId, teamsId, serviceUrl, botId, userId, account, accountName } = reference
    const values = [conversationId, teamsId, serviceUrl, botId, userId, account, accountName, now(), language]
    await queryable.query(ensure, values)
  }

  /** @returns since when nothing was sent there; the lock lets one of several activities say that it is open again */
  async function unblock(reference: TeamsReference, language: Language): Promise<Date | undefined> {
    return await database.transaction(async tx => {
      const { rows } = await tx.query(
        'select blocked_at from teams_conversation where conversation_id = $1 for no key update',
        [reference.conversationId],
      )
      await makeKnown(tx, { reference, language })
      return (
        z.object({ blocked_at: z.date().nullable() }).parse(rows[0] ?? { blocked_at: null }).blocked_at ?? undefined
      )
    })
  }

  return {
    async takeIn(reference, { language, ...incoming }) {
      const { conversationId, serviceUrl, botId, userId, account, accountName } = reference
      const values = [serviceUrl, botId, userId, account, accountName, now()]
      const taken = await conversations.takeInWhere(conversationId, incoming, { text: seenAgain, values })
      if (taken.taken !== 'closed') return taken
      await makeKnown(database, { reference, language })
      return await conversations.takeIn(conversationId, incoming)
    },
    async open(reference, { body, language }) {
      const blockedAt = await unblock(reference, language)
      // Teams announces a conversation several times, or only after its first message.
      if (!blockedAt && (await conversations.find(reference.conversationId))?.lastSeq !== 0) return false
      const clientId = blockedAt ? `opened:${blockedAt.getTime()}` : 'opened'
      const taken = await conversations.takeIn(reference.conversationId, { clientId, body })
      return taken.taken === 'new'
    },
    async assign(conversationId, memberId) {
      await database.query('update conversation set member_id = $2 where id = $1', [conversationId, memberId])
    },
    async block(conversationId, asOf) {
      await database.query(
        `update teams_conversation set blocked_at = $2, retry_at = null
         where conversation_id = $1 and blocked_at is null and seen_at <= $3
           and not exists (select from conversation where id = $1 and active_at > $3)`,
        [conversationId, now(), asOf],
      )
    },
  }
}
