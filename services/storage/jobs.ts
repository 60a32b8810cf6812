import type { Transaction } from './database.ts'

/** What a job carries: ids and nothing else, since a job's data are kept in the clear and shown to operators. */
export type JobData = Readonly<Record<string, string>>

export interface JobQueue {
  readonly name: string
  /** How often a failed job is tried again, with growing delays. */
  readonly retries: number
  /** A cron expression in the time zone Africa/Casablanca, for work that comes by itself. */
  readonly schedule?: string
}

/** Work to be done later, surely once it is committed, possibly more than once: handlers are idempotent. */
export interface Jobs {
  /** Creates the queues and begins to work. Called once, at start. */
  start(): Promise<void>
  /** Stores a job in the caller's transaction: it exists if, and only if, that commits. */
  send(tx: Transaction, queue: JobQueue, data: JobData): Promise<void>
  /** A handler that throws has its job tried again; only the error's code is kept. Called before `start`. */
  handle(queue: JobQueue, handler: (data: JobData) => Promise<void>): void
  /** Lets the jobs in hand finish. */
  stop(): Promise<void>
}
