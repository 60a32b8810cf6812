import type { JobResult, PgBoss } from 'pg-boss'
import { z } from 'zod'
import { bossErrorCode } from './boss-errors.ts'
import type { Log } from '../log.ts'
import { createBoss, inTransaction } from './boss.ts'
import type { Database } from './database.ts'
import type { JobData, JobQueue, Jobs } from './jobs.ts'

export interface BossJobsDeps {
  readonly database: Database
  readonly log: Log
  /** Seconds until a job that this process did not send itself, or that waits for its next try, is noticed. */
  readonly pollingSeconds?: number
}

interface Handled {
  readonly queue: JobQueue
  readonly handler: (data: JobData) => Promise<void>
}

const dataSchema = z.record(z.string(), z.string())

/** Milliseconds that the jobs in hand get to finish. */
const stopLimit = 10_000

/** Jobs in the database itself, through pg-boss, in the schema `pgboss`. */
export function createBossJobs({ database, log, pollingSeconds = 30 }: BossJobsDeps): Jobs {
  const handled = new Map<string, Handled>()
  const workers = new Map<string, string>()
  const boss = createBoss(database)
  boss.on('error', error => {
    const code = bossErrorCode(error)
    // The operator has been told once for all.
    if (code !== 'storage.full') log.error('jobs.error', { code })
  })

  const work = async ({ queue, handler }: Handled): Promise<void> => {
    const options = { perJobResults: true, pollingIntervalSeconds: pollingSeconds } as const
    const worker = await boss.work(queue.name, options, async jobs => {
      const results: JobResult[] = []
      for (const { id, data } of jobs) results.push(await run({ queue, handler }, { id, data }))
      // There may be more: look again at once, until there is none.
      boss.notifyWorker(workers.get(queue.name) ?? '')
      return results
    })
    workers.set(queue.name, worker)
  }

  const run = async ({ queue, handler }: Handled, job: { id: string; data: unknown }): Promise<JobResult> => {
    try {
      await handler(dataSchema.parse(job.data ?? {}))
    } catch (error) {
      const code = bossErrorCode(error)
      log.warn('job.failed', { queue: queue.name, job: job.id, code })
      return { id: job.id, status: 'failed', output: { code } }
    }
    await boss.deleteJob(queue.name, job.id)
    return { id: job.id, status: 'completed' }
  }

  return {
    handle: (queue, handler) => void handled.set(queue.name, { queue, handler }),
    async start() {
      await boss.start()
      const all = [...handled.values()]
      await prepareQueues(boss, all)
      await prepareSchedules(boss, all)
      for (const each of all) await work(each)
    },
    async send(tx, queue, data) {
      await boss.send(queue.name, data, { db: inTransaction(tx) })
      // This process need not wait for its next look.
      tx.afterCommit(() => boss.notifyWorker(workers.get(queue.name) ?? ''))
    },
    stop: () => boss.stop({ close: false, timeout: stopLimit }),
  }
}

const tz = 'Africa/Casablanca'

/** Seconds: from 5 s, doubling, to an hour; and a week for an operator to look at what failed for good. */
const times = { retryDelay: 5, retryDelayMax: 3600, deleteAfterSeconds: 7 * 24 * 3600 }

/** Says nothing to the database that it knows already: this is on the way of every start. */
async function prepareQueues(boss: PgBoss, handled: readonly Handled[]): Promise<void> {
  const existing = await boss.getQueues()
  for (const { queue } of handled) {
    const options = { retryLimit: queue.retries, retryBackoff: true, ...times }
    const found = existing.find(({ name }) => name === queue.name)
    if (!found) await boss.createQueue(queue.name, options)
    else if (!sameOptions(found, options)) await boss.updateQueue(queue.name, options)
  }
}

function sameOptions(found: object, wanted: object): boolean {
  return Object.entries(wanted).every(([key, value]) => Reflect.get(found, key) === value)
}

async function prepareSchedules(boss: PgBoss, handled: readonly Handled[]): Promise<void> {
  const existing = await boss.getSchedules()
  for (const { queue } of handled) {
    const isThere = existing.some(
      ({ name, cron, timezone }) => name === queue.name && cron === queue.schedule && timezone === tz,
    )
    if (queue.schedule !== undefined && !isThere) await boss.schedule(queue.name, queue.schedule, {}, { tz })
  }
  const scheduled = new Set(handled.flatMap(({ queue }) => (queue.schedule === undefined ? [] : [queue.name])))
  for (const { name } of existing) if (!scheduled.has(name)) await boss.unschedule(name)
}
