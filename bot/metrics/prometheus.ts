import { Counter, Histogram, type Registry } from 'prom-client'
import type { Metrics } from '../../services/metrics/metrics.ts'

/** Seconds. A turn without a file takes some milliseconds; 15 s is when Teams sends a message again. */
const turnBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15]
const leaseBuckets = [0.001, 0.01, 0.1, 1, 5, 15, 30]
const checkBuckets = [0.25, 0.5, 1, 2, 5, 10, 20, 60]

/** The counters and histograms, in a registry of the caller's. */
export function createPrometheusMetrics(registry: Registry): Metrics {
  const deliveries = deliveryMetrics(registry)
  return {
    ...turnMetrics(registry),
    ...documentMetrics(registry),
    ...leaseMetrics(registry),
    ...serverMetrics(registry),
    ...deliveries,
  }
}

function turnMetrics(registry: Registry) {
  const registers = [registry]
  const turns = new Histogram({
    name: 'moussaada_turn_duration_seconds',
    help: 'From taking up an activity to its commit, by channel and by the question that stood',
    labelNames: ['channel', 'step'],
    buckets: turnBuckets,
    registers,
  })
  const failed = new Counter({
    name: 'moussaada_turns_failed_total',
    help: 'Turns that ended with an apology, by error code',
    labelNames: ['code'],
    registers,
  })
  const submitted = new Counter({
    name: 'moussaada_dossiers_submitted_total',
    help: 'Dossiers committed, by channel',
    labelNames: ['channel'],
    registers,
  })
  for (const channel of ['webchat', 'msteams']) submitted.inc({ channel }, 0)
  return {
    turnEnded: ({ channel, step, seconds }) => turns.observe({ channel, step }, seconds),
    turnFailed: code => failed.inc({ code }),
    submitted: channel => submitted.inc({ channel }),
  } satisfies Partial<Metrics>
}

function documentMetrics(registry: Registry) {
  const registers = [registry]
  const rejected = new Counter({
    name: 'moussaada_rejections_total',
    help: 'Files and words that a member had to send again or differently, by code',
    labelNames: ['kind', 'code'],
    registers,
  })
  // Prometheus sees no increase in a series that begins with its first event; the first of these must wake somebody.
  for (const code of ['infected', 'scanUnavailable']) rejected.inc({ kind: 'file', code }, 0)
  const checks = new Histogram({
    name: 'moussaada_pdf_check_duration_seconds',
    help: 'Waiting and checking of a PDF, by verdict',
    labelNames: ['verdict'],
    buckets: checkBuckets,
    registers,
  })
  return {
    rejected: (kind, code) => rejected.inc({ kind, code }),
    pdfChecked: (verdict, seconds) => checks.observe({ verdict }, seconds),
  } satisfies Partial<Metrics>
}

function leaseMetrics(registry: Registry) {
  const registers = [registry]
  const waits = new Histogram({
    name: 'moussaada_lease_wait_seconds',
    help: 'Waiting for the lease of a member or a conversation',
    buckets: leaseBuckets,
    registers,
  })
  const lost = new Counter({
    name: 'moussaada_leases_lost_total',
    help: 'Leases that lapsed while their holder was at work',
    registers,
  })
  return { leaseWaited: seconds => waits.observe(seconds), leaseLost: () => lost.inc() } satisfies Partial<Metrics>
}

function deliveryMetrics(registry: Registry) {
  const deliveries = new Counter({
    name: 'moussaada_teams_deliveries_total',
    help: 'Messages and edits on their way to Teams, by what became of them',
    labelNames: ['outcome'],
    registers: [registry],
  })
  for (const outcome of ['refused', 'uncertain']) deliveries.inc({ outcome }, 0)
  return { teamsDelivered: outcome => deliveries.inc({ outcome }) } satisfies Partial<Metrics>
}

function serverMetrics(registry: Registry) {
  const registers = [registry]
  const limited = new Counter({
    name: 'moussaada_rate_limited_total',
    help: 'Uses refused because a limit was used up, by limit',
    labelNames: ['limit'],
    registers,
  })
  const jobs = new Counter({
    name: 'moussaada_jobs_total',
    help: 'Tries of jobs in this instance, by queue and outcome',
    labelNames: ['queue', 'outcome'],
    registers,
  })
  const http = new Histogram({
    name: 'moussaada_http_request_duration_seconds',
    help: 'HTTP requests, by method, pattern of the route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: turnBuckets,
    registers,
  })
  return {
    limited: limit => limited.inc({ limit }),
    jobEnded: (queue, outcome) => jobs.inc({ queue, outcome }),
    answered: ({ method, route, status, seconds }) => http.observe({ method, route, status }, seconds),
  } satisfies Partial<Metrics>
}
