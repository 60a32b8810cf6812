import { createBossJobs } from './boss-jobs.ts'
import { composeStorage } from './compose-storage.ts'
import { createInProcessCache } from './embedded/cache.ts'
import { createInProcessEventBus } from './embedded/event-bus.ts'
import { createInProcessLease } from './embedded/lease.ts'
import { openPostgresDatabase, type PostgresOptions } from './postgres/postgres-database.ts'
import { createRedisCache } from './redis/redis-cache.ts'
import { connectRedis } from './redis/redis-connection.ts'
import { createRedisEventBus } from './redis/redis-event-bus.ts'
import { createRedisLease } from './redis/redis-lease.ts'
import { createRedisRateLimiter } from './redis/redis-rate-limiter.ts'
import type { Storage } from './storage.ts'

/**
 * A PostgreSQL server, which holds the truth, and a Redis, which says when to look: for any number of instances.
 * @throws {AppError} `database.unreachable`; Redis may be away at any time, at the start too
 */
export async function openPostgresStorage(options: PostgresOptions & { redisUrl: string }): Promise<Storage> {
  const { redisUrl, log } = options
  const database = openPostgresDatabase(options)
  await database.query('SELECT 1').catch(async (error: unknown) => {
    await database.close()
    throw error
  })
  const connections = connectRedis({ redisUrl, log })
  const parts = composeStorage({
    database,
    jobs: createBossJobs({ database, log }),
    eventBus: createRedisEventBus(connections, createInProcessEventBus()),
    lease: createRedisLease({ connections, local: createInProcessLease(), log }),
    rateLimiter: createRedisRateLimiter(connections),
    cache: createRedisCache(connections, createInProcessCache({ now: () => new Date() })),
    probes: { pool: database.pool, redis: connections.answers },
  })
  return {
    ...parts,
    async close() {
      await parts.close()
      connections.close()
    },
  }
}
