import type { Cache } from './cache.ts'
import type { Database } from './database.ts'
import type { EventBus } from './event-bus.ts'
import type { Jobs } from './jobs.ts'
import type { Lease } from './lease.ts'
import type { Space } from './space.ts'
import type { RateLimiter } from './rate-limiter.ts'

/** Connections to the database of this instance; `waiting` are those who wait for one. */
export interface PoolUse {
  readonly total: number
  readonly idle: number
  readonly waiting: number
}

/** What an operator looks at; nothing of it when all is in this process. */
export interface StorageProbes {
  readonly pool?: () => PoolUse
  /** @returns whether Redis answers, within 2 s; never throws */
  readonly redis?: () => Promise<boolean>
}

/** One set of parts. Whoever opened it stops `jobs` before closing it. */
export interface Storage {
  readonly database: Database
  readonly jobs: Jobs
  readonly eventBus: EventBus
  readonly lease: Lease
  readonly rateLimiter: RateLimiter
  readonly cache: Cache
  readonly probes: StorageProbes
  readonly space: Space
  close(): Promise<void>
}
