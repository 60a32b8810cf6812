import { createBossJobs } from './boss-jobs.ts'
import { composeStorage } from './compose-storage.ts'
import { createInProcessCache } from './embedded/cache.ts'
import { createInProcessEventBus } from './embedded/event-bus.ts'
import { createInProcessLease } from './embedded/lease.ts'
import { openPostgresDatabase, type PostgresOptions } from './postgres/postgres-database.ts'
import { createRefusedSpace } from './postgres/refused-space.ts'
import { createRedisCache } from './redis/redis-cache.ts'
import { connectRedis } from './redis/redis-connection.ts'
import { createRedisEventBus } from './redis/redis-event-bus.ts'
import { createRedisLease } from './redis/redis-lease.ts'
import { createRedisRateLimiter } from './redis/redis-rate-limiter.ts'
import type { Storage } from './storage.ts'
import { AppError } from '../errors.ts'

export interface PostgresStorageOptions extends PostgresOptions {
  readonly redisUrl: string
  /** Whether a Redis that cannot be reached refuses the start: its address may be wrong, and nobody would notice. */
  readonly needsRedis?: boolean
  /** A lease lapsed while its holder was at work. */
  readonly onLeaseLost?: () => void
}

/**
 * A PostgreSQL server, which holds the truth, and a Redis, which says when to look: for any number of instances.
 * @throws {AppError} `database.unreachable`; `redis.unreachable` when it is wanted at the start. Later it may be away at any
 *   time.
 */
export async function openPostgresStorage(options: PostgresStorageOptions): Promise<Storage> {
  const { redisUrl, needsRedis = false, onLeaseLost, log } = options
  const refused = createRefusedSpace(log)
  const opened = openPostgresDatabase(options)
  const database = { ...opened, ...refused.noting(opened) }
  await database.query('SELECT 1').catch(async (error: unknown) => {
    await database.close()
    throw error
  })
  const connections = connectRedis({ redisUrl, log })
  if (needsRedis && !(await connections.arrives())) {
    connections.close()
    await database.close()
    throw new AppError('redis.unreachable', 'REDIS_URL names a server that cannot be reached or refuses the login')
  }
  const parts = composeStorage({
    database,
    jobs: createBossJobs({ database, log }),
    eventBus: createRedisEventBus(connections, createInProcessEventBus()),
    lease: createRedisLease({ connections, local: createInProcessLease(), onLost: onLeaseLost, log }),
    rateLimiter: createRedisRateLimiter(connections),
    cache: createRedisCache(connections, createInProcessCache({ now: () => new Date() })),
    probes: { pool: database.pool, redis: connections.answers },
    space: refused.space,
  })
  return {
    ...parts,
    async close() {
      await parts.close()
      connections.close()
    },
  }
}
