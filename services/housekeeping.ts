import type { Sessions } from './accounts/sessions.ts'
import type { SignInDelays } from './accounts/sign-in-delays.ts'
import type { StreamTickets } from './accounts/stream-tickets.ts'
import type { TeamsLinks } from './accounts/teams-links.ts'
import type { ConversationStore } from './conversations/conversation-store.ts'
import type { DocumentStore } from './documents/document-store.ts'
import type { Quota } from './documents/quota.ts'
import type { UploadStore } from './documents/upload-store.ts'
import type { DraftStore } from './drafts/draft-store.ts'
import type { Log } from './log.ts'
import type { ProactiveNotices } from './proactive/proactive-notices.ts'
import type { JobQueue, Jobs } from './storage/jobs.ts'

const HOUR_MS = 60 * 60 * 1000
const DAY_MS = 24 * HOUR_MS

/** A conversation in which nothing happened for this long is closed; its transcript stays. */
const IDLE_CONVERSATION_MS = 30 * DAY_MS
/** An unsent request is kept for three months, as the French State's Démarche numérique does, then its health data go. */
const IDLE_DRAFT_MS = 90 * DAY_MS
/** A file that no request refers to after a day came from an upload or a turn that was cut short. */
const ORPHAN_MS = DAY_MS
/** What was told stands in the transcript. */
const TOLD_NOTICE_MS = 90 * DAY_MS

const nightly: JobQueue = { name: 'housekeeping', retries: 3, schedule: '15 3 * * *' }

interface Deps {
  readonly jobs: Jobs
  readonly conversations: ConversationStore
  readonly documents: DocumentStore
  readonly uploads: Pick<UploadStore, 'sweep'>
  readonly drafts: DraftStore
  readonly quota: Pick<Quota, 'sweep'>
  readonly sessions: Pick<Sessions, 'sweep'>
  readonly streamTickets: Pick<StreamTickets, 'sweep'>
  readonly delays: Pick<SignInDelays, 'sweep'>
  readonly notices: Pick<ProactiveNotices, 'sweep'>
  readonly teamsLinks?: Pick<TeamsLinks, 'sweep'> | undefined
  readonly log: Log
  readonly now: () => Date
}

/** Keeps nothing for longer than it is needed (law 09-08, art. 3). */
export function scheduleHousekeeping({ jobs, log, now, ...kept }: Deps): void {
  const before = (milliseconds: number) => new Date(now().getTime() - milliseconds)
  jobs.handle(nightly, async () => {
    const closed = await kept.conversations.closeIdle(before(IDLE_CONVERSATION_MS))
    const expired = await kept.drafts.expire(before(IDLE_DRAFT_MS))
    const swept = await kept.documents.sweep(before(ORPHAN_MS))
    await kept.uploads.sweep(before(ORPHAN_MS))
    const sessions = await kept.sessions.sweep()
    await kept.streamTickets.sweep()
    const delays = await kept.delays.sweep()
    await kept.quota.sweep()
    await kept.teamsLinks?.sweep()
    const told = await kept.notices.sweep(before(TOLD_NOTICE_MS))
    log.info('housekeeping.done', { closed, expired, swept, sessions, delays, told })
  })
}
