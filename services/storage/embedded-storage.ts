import { createBossJobs } from './boss-jobs.ts'
import { composeStorage } from './compose-storage.ts'
import { openEmbeddedDatabase, type EmbeddedOptions } from './embedded/embedded-database.ts'
import { createInProcessCache } from './embedded/cache.ts'
import { createInProcessEventBus } from './embedded/event-bus.ts'
import { createInProcessLease } from './embedded/lease.ts'
import { createInProcessRateLimiter } from './embedded/rate-limiter.ts'
import { createDiskSpace, defaultDiskLimits, type DiskLimits } from './embedded/disk-space.ts'
import type { Storage } from './storage.ts'

/**
 * Everything in this process and in `dataDir`, of which it becomes the only owner.
 * @throws {AppError} `data-dir.in-use`, `database.unreachable`
 */
export async function openEmbeddedStorage({
  dataDir,
  log,
  disk = defaultDiskLimits,
}: Pick<EmbeddedOptions, 'dataDir' | 'log'> & { readonly disk?: DiskLimits }): Promise<Storage> {
  const space = createDiskSpace({ dataDir, limits: disk, log })
  const database = await openEmbeddedDatabase({ dataDir, log, space })
  return composeStorage({
    database,
    jobs: createBossJobs({ database, log }),
    eventBus: createInProcessEventBus(),
    lease: createInProcessLease(),
    rateLimiter: createInProcessRateLimiter({ now: () => new Date() }),
    cache: createInProcessCache({ now: () => new Date() }),
    probes: {},
    space,
  })
}
