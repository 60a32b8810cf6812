import { Gauge, type Registry } from 'prom-client'
import type { Readings } from './readings.ts'

type Set = (value: Readings) => void

/** The gauges, in a registry of the caller's. @returns what shows a reading in them */
export function createGauges(registry: Registry): Set {
  const sets = [inboxGauges, jobGauges, storeGauges, loadGauges].map(create => create(registry))
  return readings => {
    for (const set of sets) set(readings)
  }
}

function inboxGauges(registry: Registry): Set {
  const registers = [registry]
  const due = new Gauge({
    name: 'moussaada_inbox_due',
    help: 'Activities of the whole base whose turn has not been committed',
    registers,
  })
  const oldest = new Gauge({
    name: 'moussaada_inbox_oldest_seconds',
    help: 'Age of the oldest activity that is due',
    registers,
  })
  return ({ backlog }) => {
    due.reset()
    oldest.reset()
    if (!backlog) return forget(due, oldest)
    due.set(backlog.inbox.due)
    oldest.set(backlog.inbox.oldest)
  }
}

/** What is not known is not shown: 0 would say that all is well. */
function forget(...gauges: readonly Gauge[]): void {
  for (const gauge of gauges) gauge.set(Number.NaN)
}

function jobGauges(registry: Registry): Set {
  const shared = { labelNames: ['queue'] as const, registers: [registry] }
  const waiting = new Gauge({ ...shared, name: 'moussaada_jobs_waiting', help: 'Jobs of the whole base, due now' })
  const oldest = new Gauge({
    ...shared,
    name: 'moussaada_jobs_oldest_seconds',
    help: 'How long the oldest job has been due',
  })
  const failed = new Gauge({
    ...shared,
    name: 'moussaada_jobs_failed',
    help: 'Jobs given up after their last try, kept for a week',
  })
  return ({ backlog }) => {
    for (const gauge of [waiting, oldest, failed]) gauge.reset()
    for (const { queue, ...job } of backlog?.jobs ?? []) {
      waiting.set({ queue }, job.waiting)
      oldest.set({ queue }, job.oldest)
      failed.set({ queue }, job.failed)
    }
  }
}

function storeGauges(registry: Registry): Set {
  const registers = [registry]
  const database = new Gauge({
    name: 'moussaada_database_up',
    help: 'Whether the database answered this scrape',
    registers,
  })
  const redis = new Gauge({
    name: 'moussaada_redis_up',
    help: 'Whether Redis answered this scrape; none when embedded',
    labelNames: [],
    registers,
  })
  const connections = new Gauge({
    name: 'moussaada_database_connections',
    help: 'Connections of this instance, and requests that wait for one',
    labelNames: ['state'],
    registers,
  })
  return reading => {
    database.set(reading.backlog ? 1 : 0)
    if (reading.redis === undefined) redis.remove()
    else redis.set(reading.redis ? 1 : 0)
    if (!reading.pool) return
    connections.set({ state: 'busy' }, reading.pool.total - reading.pool.idle)
    connections.set({ state: 'idle' }, reading.pool.idle)
    connections.set({ state: 'waiting' }, reading.pool.waiting)
  }
}

function loadGauges(registry: Registry): Set {
  const registers = [registry]
  const sockets = new Gauge({ name: 'moussaada_sockets_open', help: 'Web chat streams of this instance', registers })
  const checks = new Gauge({
    name: 'moussaada_pdf_checks',
    help: 'PDF files in this instance, being checked or waiting for it',
    labelNames: ['state'],
    registers,
  })
  const leases = new Gauge({
    name: 'moussaada_leases',
    help: 'Leases that this instance holds or waits for',
    labelNames: ['state'],
    registers,
  })
  return reading => {
    sockets.set(reading.sockets)
    checks.set({ state: 'working' }, reading.pdfChecks.working)
    checks.set({ state: 'waiting' }, reading.pdfChecks.waiting)
    leases.set({ state: 'held' }, reading.leases.held)
    leases.set({ state: 'waiting' }, reading.leases.waiting)
  }
}
