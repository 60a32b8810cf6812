import { createBossJobs } from './boss-jobs.ts'
import { composeStorage } from './compose-storage.ts'
import { createInProcessEventBus } from './embedded/event-bus.ts'
import { createInProcessLease } from './embedded/lease.ts'
import { createInProcessRateLimiter } from './embedded/rate-limiter.ts'
import { openPostgresDatabase, type PostgresOptions } from './postgres/postgres-database.ts'
import type { Storage } from './storage.ts'

/**
 * A PostgreSQL server; what only says when to look lives in this process, so that one instance may use it.
 * @throws {AppError} `database.unreachable`
 */
export async function openPostgresStorage({ databaseUrl, log }: PostgresOptions): Promise<Storage> {
  const database = openPostgresDatabase({ databaseUrl, log })
  await database.query('SELECT 1').catch(async (error: unknown) => {
    await database.close()
    throw error
  })
  return composeStorage({
    database,
    jobs: createBossJobs({ database, log }),
    eventBus: createInProcessEventBus(),
    lease: createInProcessLease(),
    rateLimiter: createInProcessRateLimiter({ now: () => new Date() }),
  })
}
