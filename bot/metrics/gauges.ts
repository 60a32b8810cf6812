import { Gauge, type Registry } from 'prom-client'
import type { Waiting } from '../../services/metrics/backlog.ts'
import type { Readings } from './readings.ts'

type Set = (value: Readings) => void

/** The gauges, in a registry of the caller's. @returns what shows a reading in them */
export function createGauges(registry: Registry): Set {
  const sets = [inboxGauges, noticeGauges, teamsGauges, jobGauges, storeGauges, loadGauges].map(create =>
    create(registry),
  )
  return readings => {
    for (const set of sets) set(readings)
  }
}

/** How much of one kind waits, and for how long: pairs of `<name>_<what>` and `<name>_oldest_seconds`. */
function waitingGauges(
  registry: Registry,
  { name, help }: { name: readonly [string, string]; help: readonly [string, string] },
) {
  const registers = [registry]
  const count = new Gauge({ name: `moussaada_${name.join('_')}`, help: help[0], registers })
  const oldest = new Gauge({ name: `moussaada_${name[0]}_oldest_seconds`, help: help[1], registers })
  return (known: Waiting | undefined): void => {
    count.reset()
    oldest.reset()
    // What is not known is not shown: 0 would say that all is well.
    count.set(known?.count ?? Number.NaN)
    oldest.set(known?.oldest ?? Number.NaN)
  }
}

function inboxGauges(registry: Registry): Set {
  const set = waitingGauges(registry, {
    name: ['inbox', 'due'],
    help: ['Activities of the whole base whose turn has not been committed', 'Age of the oldest activity that is due'],
  })
  return ({ backlog }) => set(backlog?.inbox)
}

function noticeGauges(registry: Registry): Set {
  const set = waitingGauges(registry, {
    name: ['notices', 'waiting'],
    help: [
      'What members are to be told unasked, in the whole base, and stands in no conversation yet',
      'Age of the oldest of them',
    ],
  })
  return ({ backlog }) => set(backlog?.notices)
}

function teamsGauges(registry: Registry): Set {
  const set = waitingGauges(registry, {
    name: ['teams', 'waiting'],
    help: ['Chats in Teams, of the whole base, with something to send', 'How long the oldest of it has waited'],
  })
  return ({ backlog }) => set(backlog?.teams)
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
