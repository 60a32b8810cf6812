import type { Database } from './database.ts'
import type { EventBus } from './event-bus.ts'
import type { Jobs } from './jobs.ts'
import type { Lease } from './lease.ts'
import type { RateLimiter } from './rate-limiter.ts'

/** One set of parts. Whoever opened it stops `jobs` before closing it. */
export interface Storage {
  readonly database: Database
  readonly jobs: Jobs
  readonly eventBus: EventBus
  readonly lease: Lease
  readonly rateLimiter: RateLimiter
  close(): Promise<void>
}
