import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { createProactiveSweep } from '../../bot/proactive-sweep.ts'
import { createConversationStore } from '../../services/conversations/conversation-store.ts'
import { type DraftReminderSettings, scheduleDraftReminders } from '../../services/proactive/draft-reminders.ts'
import { createProactiveNotices, type ProactiveNotices } from '../../services/proactive/proactive-notices.ts'
import { createStatusChanges } from '../../services/requests/status-changes.ts'
import type { Database } from '../../services/storage/database.ts'
import { createManualJobs } from '../services/notifications/support/manual-jobs.ts'
import type { Office } from './office.ts'
import { silentLog } from './silent-log.ts'

interface Options {
  readonly now?: () => Date
  readonly hasTeams?: boolean
  readonly reminders?: DraftReminderSettings | undefined
}

const usual: DraftReminderSettings = { afterDays: 3, hour: 10, most: 2 }

/** What members are told unasked, and what they are told of, on a database. */
export function openProactive(
  database: Database,
  { now = () => new Date(), hasTeams = true, reminders = usual }: Options = {},
) {
  const conversations = createConversationStore({ database, now })
  const notices = createProactiveNotices({ database, conversations, now, newId: randomUUID, hasTeams })
  const { jobs, queues, attempt } = createManualJobs()
  scheduleDraftReminders({ database, jobs, log: silentLog, now, settings: reminders, onReminded: () => undefined })
  return {
    notices,
    statusChanges: createStatusChanges({ database, notices, now }),
    reminderQueues: queues,
    /** The daily job, now. @returns the code of what broke */
    remind: () => attempt('draft-reminders', {}),
  }
}

/** The CSV of these dossiers and their statuses. */
export const statusFile = (...lines: readonly (readonly [number: string, status: string])[]): Buffer =>
  Buffer.from(['number;status', ...lines.map(line => line.join(';'))].join('\r\n'))

/** Tells members what waits for them. @returns the conversations that it was put into */
export async function tellAll(
  { services, turns }: { services: Pick<Office['services'], 'conversations'>; turns: Pick<Office['turns'], 'wake'> },
  notices: ProactiveNotices,
): Promise<string[]> {
  const woken: string[] = []
  const wake = (id: string, memberId?: string) => {
    woken.push(id)
    turns.wake(id, memberId)
  }
  const sweep = createProactiveSweep({ notices, turns: { wake }, log: silentLog })
  sweep.wake()
  while ((await notices.waiting(1)).length > 0) await setTimeout(10)
  await sweep.stop()
  for (const id of woken) while ((await services.conversations.due(id)).length > 0) await setTimeout(10)
  return woken
}
