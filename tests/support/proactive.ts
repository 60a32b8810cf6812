import { randomUUID } from 'node:crypto'
import { createConversationStore } from '../../services/conversations/conversation-store.ts'
import { createProactiveNotices } from '../../services/proactive/proactive-notices.ts'
import { createStatusChanges } from '../../services/requests/status-changes.ts'
import type { Database } from '../../services/storage/database.ts'

/** What members are told unasked, and the statuses that they are told of, on a database. */
export function openProactive(database: Database, { now = () => new Date(), hasTeams = true } = {}) {
  const conversations = createConversationStore({ database, now })
  const notices = createProactiveNotices({ database, conversations, now, newId: randomUUID, hasTeams })
  return { notices, statusChanges: createStatusChanges({ database, notices, now }) }
}

/** The CSV of these dossiers and their statuses. */
export const statusFile = (...lines: readonly (readonly [number: string, status: string])[]): Buffer =>
  Buffer.from(['number;status', ...lines.map(line => line.join(';'))].join('\r\n'))
