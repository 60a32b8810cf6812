import type { StoredActivity } from '../services/conversations/activity.ts'
import { AppError } from '../services/errors.ts'

/** Milliseconds after which a member is told that something is broken, and not only away. */
const TRIED_FOR = 10 * 60_000

/**
 * Whether a turn that broke is better tried again than apologised for. While the database is away nobody can be told
 * anything, and an apology that comes through as it returns would ask for an answer that is stored already. A turn that was
 * let go because its process stops is another's.
 */
export function canWait(error: unknown, activity: Pick<StoredActivity, 'at'>, now: Date): boolean {
  if (!(error instanceof AppError)) return false
  // Nor could an apology be stored.
  if (error.code === 'server.stopping' || error.code === 'storage.full') return true
  return error.code === 'database.unreachable' && now.getTime() - activity.at.getTime() < TRIED_FOR
}
