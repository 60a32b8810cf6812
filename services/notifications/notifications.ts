import { AppError, type ErrorCode } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Database, Transaction } from '../storage/database.ts'
import type { JobData, JobQueue, Jobs } from '../storage/jobs.ts'
import type { Attempt, NotificationKind, Outcome } from './notification.ts'
import type { NotificationStore } from './notification-store.ts'
import { loadSubmittedDossier, type SubmittedDossier } from './submitted-dossier.ts'

/** Does one kind of notification, or goes on with what an earlier try began. Doing it twice does nothing more. */
export type Notify = (dossier: SubmittedDossier, attempt: Attempt) => Promise<Outcome>

interface Deps {
  readonly database: Database
  readonly jobs: Jobs
  readonly store: NotificationStore
  readonly log: Log
  readonly now: () => Date
  /** Those that are switched on. */
  readonly notify: Readonly<Partial<Record<NotificationKind, Notify>>>
}

/** About three and a half hours of tries; then the hourly look takes over. */
const queues: Readonly<Record<NotificationKind, JobQueue>> = {
  archive: { name: 'dossier-archive', retries: 12 },
  mail: { name: 'dossier-mail', retries: 12 },
}
const catchUp: JobQueue = { name: 'notification-catch-up', retries: 3, schedule: '7 * * * *' }
/** Longer than the longest pause between two tries of one job. */
const QUIET_MS = 2 * 3_600_000

const errorCodes = {
  throttled: 'graph.throttled',
  unavailable: 'graph.unavailable',
  refused: 'graph.refused',
} satisfies Record<string, ErrorCode>

/** What follows a submission outside of this system. Called before the jobs start. */
export function createNotifications({ database, jobs, store, log, now, notify }: Deps) {
  const kinds = (['archive', 'mail'] as const).filter(kind => notify[kind])

  async function run(kind: NotificationKind, { dossier: id }: JobData): Promise<void> {
    const attempt = await store.begin(id ?? '', kind)
    const work = notify[kind]
    const dossier = attempt && (await loadSubmittedDossier(database, attempt.dossierId))
    if (!attempt || !work || !dossier) return
    const outcome = await work(dossier, attempt)
    const state = await store.record(attempt, outcome)
    const fields = { kind, dossier: attempt.dossierId, attempts: attempt.number, reason: outcome.reason }
    if (state === 'failed') return log.error('notification.given-up', fields)
    if (outcome.state !== 'pending') return log.info(`notification.${outcome.state}`, fields)
    log.warn('notification.postponed', fields)
    throw new AppError(errorCodes[outcome.cause], outcome.reason)
  }

  async function wakeWaiting(): Promise<void> {
    const waiting = await store.waiting(new Date(now().getTime() - QUIET_MS))
    for (const { dossierId, kind } of waiting.filter(({ kind }) => notify[kind]))
      await database.transaction(tx => jobs.send(tx, queues[kind], { dossier: dossierId }))
  }

  for (const kind of kinds) jobs.handle(queues[kind], data => run(kind, data))
  if (kinds.length > 0) jobs.handle(catchUp, wakeWaiting)

  return {
    /** Within the transaction that stores the dossier: what follows it exists if, and only if, it does. */
    announce: async (tx: Transaction, dossierId: string): Promise<void> => {
      for (const kind of kinds) await jobs.send(tx, queues[kind], { dossier: dossierId })
    },
  }
}

export type Notifications = ReturnType<typeof createNotifications>
