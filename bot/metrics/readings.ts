import { readBacklog, type Backlog } from '../../services/metrics/backlog.ts'
import type { Queryable } from '../../services/storage/database.ts'
import type { PoolUse, StorageProbes } from '../../services/storage/storage.ts'

/** What is so at the moment of a scrape. */
export interface Readings {
  /** Undefined: the database does not answer. */
  readonly backlog: Backlog | undefined
  readonly redis: boolean | undefined
  readonly pool: PoolUse | undefined
  readonly sockets: number
  readonly pdfChecks: { readonly working: number; readonly waiting: number }
  readonly leases: { readonly held: number; readonly waiting: number }
}

export interface Sources {
  readonly database: Queryable
  readonly probes: StorageProbes
  readonly socketsOpen: () => number
  readonly pdfChecks: () => Readings['pdfChecks']
  readonly leases: () => Readings['leases']
  readonly now: () => Date
}

/** Milliseconds: Prometheus gives a scrape 10 s. */
const PATIENCE = 2_000

export async function takeReadings(sources: Sources): Promise<Readings> {
  const { probes } = sources
  const [backlog, redis] = await Promise.all([
    inTime(readBacklog(sources.database, sources.now()), undefined),
    probes.redis?.(),
  ])
  return {
    backlog,
    redis,
    pool: probes.pool?.(),
    sockets: sources.socketsOpen(),
    pdfChecks: sources.pdfChecks(),
    leases: sources.leases(),
  }
}

async function inTime<T>(work: Promise<T>, otherwise: T): Promise<T> {
  const { promise, resolve } = Promise.withResolvers<T>()
  const timer = setTimeout(resolve, PATIENCE, otherwise)
  work.then(resolve, () => resolve(otherwise))
  return promise.finally(() => clearTimeout(timer))
}
