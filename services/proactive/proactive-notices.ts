import { z } from 'zod'
import { channelEvents } from '../conversations/channel-events.ts'
import type { ConversationOf } from '../conversations/conversation.ts'
import type { ConversationStore } from '../conversations/conversation-store.ts'
import type { Language } from '../language.ts'
import type { Database, Queryable } from '../storage/database.ts'
import { lastPlaceRow, waitingNoticeRow, type ProactiveNotice, type WaitingNotice } from './proactive-notice.ts'

interface Deps {
  readonly database: Database
  readonly conversations: ConversationStore
  readonly now: () => Date
  readonly newId: () => string
  /** Something is delivered to Teams. */
  readonly hasTeams: boolean
}

interface Notified {
  readonly memberId: string
  readonly notice: ProactiveNotice
}

const notifySql = `
insert into proactive_notice (member_id, kind, subject, version, created_at)
select *, $5 from unnest($1::uuid[], $2::text[], $3::text[], $4::int[])
on conflict (kind, subject, version) do nothing`

/** An account that is tied to the member no more is not told; one that has removed the assistant cannot be. */
const lastPlaceSql = `
select c.id, c.channel, c.language, t.blocked_at is null and exists (
  select from teams_account a where a.account = t.account and a.member_id = c.member_id) as reachable
from conversation c left join teams_conversation t on t.conversation_id = c.id
where c.member_id = $1 order by c.active_at desc limit 1`

/** Tells members what they have not asked for: in the web chat, and where they last were when that is Teams. */
export function createProactiveNotices({ database, conversations, now, newId, hasTeams }: Deps) {
  async function lastPlace(memberId: string) {
    const { rows } = await database.query(lastPlaceSql, [memberId])
    return lastPlaceRow.parse(rows[0])
  }

  async function takeIn(id: string, { memberId, kind, subject, version }: WaitingNotice): Promise<ConversationOf> {
    const isFirst = (await conversations.find(id))?.lastSeq === 0
    const body = {
      type: 'event',
      name: channelEvents.proactive,
      value: { kind, subject, version, opens: isFirst },
    } as const
    await conversations.takeInUnasked(id, {
      clientId: `${channelEvents.proactive}|${kind}|${subject}|${version}`,
      body,
    })
    return { id, memberId }
  }

  /** The member's open web chat, or a new one. @returns undefined when the member is gone */
  async function webChat(memberId: string, language: Language): Promise<string | undefined> {
    return conversations.openUnasked({ id: newId(), channel: 'webchat', memberId, language })
  }

  return {
    /** Within the transaction that makes it true: it is told if, and only if, that commits. */
    async notify(queryable: Queryable, notified: readonly Notified[]): Promise<void> {
      const notices = notified.map(({ notice }) => notice)
      await queryable.query(notifySql, [
        notified.map(({ memberId }) => memberId),
        notices.map(({ kind }) => kind),
        notices.map(({ subject }) => subject),
        notices.map(({ version }) => version),
        now(),
      ])
    },

    /** What no conversation has yet, the oldest first. */
    async waiting(limit: number): Promise<WaitingNotice[]> {
      const { rows } = await database.query(
        `select id, member_id, kind, subject, version from proactive_notice
         where taken_at is null order by created_at, id limit $1`,
        [limit],
      )
      return rows.map(row => waitingNoticeRow.parse(row))
    },

    /** Puts it into the inboxes of its conversations, once however often it is tried. @returns those with a turn due */
    async place(notice: WaitingNotice): Promise<ConversationOf[]> {
      const { memberId } = notice
      const last = await lastPlace(memberId)
      const web = await webChat(memberId, last?.language ?? 'fr')
      const inTeams = hasTeams && last?.channel === 'msteams' && last.reachable ? last.id : undefined
      const placed: ConversationOf[] = []
      for (const id of [web, inTeams]) if (id !== undefined) placed.push(await takeIn(id, notice))
      await database.query('update proactive_notice set taken_at = $2 where id = $1', [notice.id, now()])
      return placed
    },

    /** Forgets what was told before, but for the reminders of a draft that is still open, which are counted. @returns how many */
    async sweep(before: Date): Promise<number> {
      const { rows } = await database.query(
        `delete from proactive_notice n where taken_at < $1 and not (kind = 'draftReminder' and exists (
           select from draft where draft.id::text = n.subject)) returning id`,
        [before],
      )
      return rows.map(row => z.object({ id: z.number() }).parse(row)).length
    },
  }
}

export type ProactiveNotices = ReturnType<typeof createProactiveNotices>
