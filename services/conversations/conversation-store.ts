import { z } from 'zod'
import type { Language } from '../language.ts'
import type { Database, Queryable, Transaction } from '../storage/database.ts'
import type { StatementPart } from '../storage/statement-part.ts'
import type { ActivityBody, StoredActivity } from './activity.ts'
import { withStorableText } from './clean-text.ts'
import type { Channel, Conversation, ConversationOf, NewConversation, TakenIn } from './conversation.ts'
import { createEndTurn } from './end-turn.ts'
import { activityColumns, conversationColumns, toActivity, toConversation, toConversationOf } from './rows.ts'
import * as statements from './statements.ts'

export interface Incoming {
  /** The sender's own id of the activity; the same id again stores nothing. */
  readonly clientId?: string | undefined
  readonly body: ActivityBody
}

export interface ConversationStoreDeps {
  readonly database: Database
  readonly now: () => Date
  /** W3C `traceparent` of the request in hand, which the turn goes on with. */
  readonly currentTrace?: (() => string | undefined) | undefined
}

export interface Opened {
  readonly id: string
  readonly activeAt: Date
  readonly created: boolean
  /** The member has turned the page to this language, which is not the conversation's. */
  readonly turnedTo?: Language | undefined
}

interface Storing extends Incoming {
  readonly values?: readonly unknown[]
  readonly queryable?: Queryable
}

type MembersConversation = NewConversation & { readonly memberId: string }
export type ConversationStore = ReturnType<typeof createConversationStore>

const takenRow = z.object({ position: z.number(), fresh: z.boolean(), member_id: z.string().nullable() })

/**
 * Inbox, outbox and transcript of every conversation. Sequence numbers are taken from the conversation's row, so that
 * their order is the order of commit. What changes within a turn is written in the turn's own transaction.
 */
export function createConversationStore(deps: ConversationStoreDeps) {
  const { database, now } = deps
  return { ...writing(deps), endTurn: createEndTurn(now), ...finding(database), ...reading(database) }
}

function writing({ database, now, currentTrace = () => undefined }: ConversationStoreDeps) {
  const create = (queryable: Queryable, conversation: NewConversation, first?: ActivityBody) =>
    queryable.query(statements.create, [
      conversation.id,
      conversation.channel,
      conversation.memberId ?? null,
      conversation.language,
      now(),
      first === undefined ? null : JSON.stringify(withStorableText(first)),
      currentTrace() ?? null,
    ])

  async function openOrCreate(tx: Transaction, conversation: MembersConversation, first?: ActivityBody) {
    const { id, memberId, channel } = conversation
    const member = await tx.query('select 1 from member where id = $1 and disabled_at is null for no key update', [
      memberId,
    ])
    if (member.rows.length === 0) return undefined
    const { rows } = await tx.query(statements.openOf, [memberId, channel])
    if (rows[0]) return { ...toConversation(rows[0]), created: false as const }
    await create(tx, conversation, first)
    return { id, activeAt: now(), created: true as const }
  }

  async function takeIn(statement: string, id: string, storing: Storing): Promise<TakenIn> {
    const { clientId, body, values = [], queryable = database } = storing
    const text = JSON.stringify(withStorableText(body))
    const { rows } = await queryable.query(statement, [
      id,
      clientId ?? null,
      text,
      now(),
      currentTrace() ?? null,
      ...values,
    ])
    if (rows[0] === undefined) return { taken: 'closed' }
    const { position, fresh, member_id: memberId } = takenRow.parse(rows[0])
    return { taken: fresh ? 'new' : 'again', position, ...(memberId !== null && { memberId }) }
  }

  return {
    /** Opens a conversation; `first` is taken in as due with it. */
    async create(conversation: NewConversation, first?: ActivityBody): Promise<void> {
      await create(database, conversation, first)
    },

    /**
     * The member's open conversation on the channel, or this new one: one and the same for all who ask at once.
     * @returns undefined when there is no such member
     */
    async resumeOrCreate(conversation: MembersConversation, first?: ActivityBody): Promise<Opened | undefined> {
      return database.transaction(
        async tx => {
          const found = await openOrCreate(tx, conversation, first)
          if (!found || found.created) return found
          return { ...found, turnedTo: await turnPage(tx, found, conversation.language) }
        },
        { essential: true },
      )
    },

    /** Stores what a person sent as due, once for each client id. */
    takeIn: (id: string, incoming: Incoming) => takeIn(statements.takeIn, id, incoming),

    /** The same together with what else a transaction stores. */
    takeInWithin: (queryable: Transaction, id: string, incoming: Incoming) =>
      takeIn(statements.takeIn, id, { ...incoming, queryable }),

    /** The same with a change to what belongs to the conversation; `closed`, too, when that changed nothing. */
    takeInWhere: (id: string, incoming: Incoming, { text, values }: StatementPart) =>
      takeIn(statements.takeInWhere(text), id, { ...incoming, values }),

    /** The same for what nobody has sent; it opens a conversation that was closed. */
    takeInUnasked: (id: string, incoming: Incoming) => takeIn(statements.takeInUnasked, id, incoming),

    /**
     * As {@link resumeOrCreate} for a member who is not there.
     * @returns the conversation's id, undefined when there is no such member
     */
    async openUnasked(conversation: MembersConversation): Promise<string | undefined> {
      const { rows } = await database.query(statements.openOf, [conversation.memberId, conversation.channel])
      if (rows[0]) return toConversation(rows[0]).id
      return database.transaction(async tx => {
        const found = await openOrCreate(tx, conversation)
        if (found?.created) await tx.query(statements.neverActive, [found.id])
        return found?.id
      })
    },

    /** Closes the conversations in which nothing happened since. @returns how many */
    async closeIdle(before: Date): Promise<number> {
      const { count } = await database.query(
        'update conversation set closed_at = $2 where closed_at is null and last_at < $1',
        [before, now()],
      )
      return count
    },
  }
}

/** @returns the page's language when it is another than at the last opening, and not what is spoken already */
async function turnPage(tx: Transaction, open: Conversation, language: Language): Promise<Language | undefined> {
  const { count } = await tx.query(
    'update conversation set page_language = $2 where id = $1 and page_language is distinct from $2',
    [open.id, language],
  )
  return count === 1 && open.language !== language ? language : undefined
}

function finding(database: Database) {
  return {
    async find(id: string): Promise<Conversation | undefined> {
      const { rows } = await database.query(`select ${conversationColumns} from conversation where id = $1`, [id])
      return rows[0] && toConversation(rows[0])
    },

    /** The member's open conversation on a channel, the one used last when there are several. */
    async openOf(memberId: string, channel: Channel): Promise<Conversation | undefined> {
      const { rows } = await database.query(statements.openOf, [memberId, channel])
      return rows[0] && toConversation(rows[0])
    },

    /** Conversations with due activities older than this: their turn was cut short. */
    async conversationsWithDue(olderThan: Date): Promise<ConversationOf[]> {
      const { rows } = await database.query(statements.withDue, [olderThan])
      return rows.map(toConversationOf)
    },
  }
}

function reading(database: Database) {
  const activities = async (rest: string, values: unknown[]): Promise<StoredActivity[]> => {
    const { rows } = await database.query(
      `select ${activityColumns} from activity where conversation_id = $1 and ${rest}`,
      values,
    )
    return rows.map(toActivity)
  }

  return {
    /** What waits for its turn, in order. */
    due: (id: string) => activities('due order by seq', [id]),

    /** What was added or edited after `seq`, in order of commit. */
    since: (id: string, seq: number, limit: number) => activities('seq > $2 order by seq limit $3', [id, seq, limit]),

    /** The last `count` activities of the chat, in its order. */
    latest: async (id: string, count: number) =>
      (await activities('true order by position desc limit $2', [id, count])).reverse(),

    /** The `count` activities above `position`, in the chat's order. */
    before: async (id: string, position: number, count: number) =>
      (await activities('position < $2 order by position desc limit $3', [id, position, count])).reverse(),
  }
}
