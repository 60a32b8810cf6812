import { AppError } from '../../errors.ts'
import type { Log } from '../../log.ts'
import type { Database } from '../database.ts'
import type { Space } from '../space.ts'

/** Milliseconds. What was refused for want of space is not tried with files for so long. */
const KEPT_MS = 10_000

/** The space of a server, which tells of it only by refusing: the operator hears once, and once more when it is over. */
export function createRefusedSpace(log: Log, now = (): number => performance.now()) {
  let refusedAt: number | undefined

  function note(error: unknown): void {
    if (!(error instanceof AppError) || error.code !== 'storage.full') return
    if (refusedAt === undefined) {
      const todo = 'free or add space for PostgreSQL; nothing is lost, and the service goes on by itself'
      log.error('storage.full', { where: 'DATABASE_URL', effect: 'read-only', todo })
    }
    refusedAt = now()
  }

  function forget(): void {
    if (refusedAt === undefined || now() - refusedAt < KEPT_MS) return
    refusedAt = undefined
    log.info('storage.ample', { where: 'DATABASE_URL' })
  }

  const space: Space = { state: () => (refusedAt !== undefined && now() - refusedAt < KEPT_MS ? 'full' : 'ample') }

  async function noted<T>(work: Promise<T>): Promise<T> {
    try {
      const result = await work
      forget()
      return result
    } catch (error) {
      note(error)
      throw error
    }
  }

  return {
    space,
    /** The same database, whose refusals are noted. */
    noting: (database: Database): Database => ({
      ...database,
      query: (sql, values) => noted(database.query(sql, values)),
      transaction: (work, options) => noted(database.transaction(work, options)),
    }),
  }
}
