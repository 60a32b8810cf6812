import type { Metrics } from '../../services/metrics/metrics.ts'
import type { Readings } from './readings.ts'

/** What `load` brings: the counters, and the page that shows them. */
interface Exposition {
  readonly metrics: Metrics
  /** @returns the text of Prometheus' format */
  expose(readings: Readings): Promise<string>
}

export interface MetricsRegistry extends Metrics {
  expose(readings: Readings): Promise<string>
  readonly contentType: string
}

/** As many events as are kept before the library is loaded for them. */
const KEPT = 1_000

/** Prometheus text format 0.0.4. */
const contentType = 'text/plain; version=0.0.4; charset=utf-8'

/**
 * Counts from the first moment, though prom-client, which takes 60 ms to load, comes with the first scrape: a start and
 * the first turns do not pay for it.
 */
export function createMetricsRegistry(load: () => Promise<Exposition> = loadPrometheus): MetricsRegistry {
  let kept: ((metrics: Metrics) => void)[] = []
  let loaded: Exposition | undefined
  let loading: Promise<Exposition> | undefined

  async function bring(): Promise<Exposition> {
    loaded = await load()
    const early = kept
    kept = []
    for (const event of early) event(loaded.metrics)
    return loaded
  }

  const ready = (): Promise<Exposition> => (loading ??= bring())

  function record(event: (metrics: Metrics) => void): void {
    if (loaded) return event(loaded.metrics)
    kept.push(event)
    if (kept.length >= KEPT) void ready()
  }

  return {
    turnEnded: turn => record(metrics => metrics.turnEnded(turn)),
    turnFailed: code => record(metrics => metrics.turnFailed(code)),
    submitted: channel => record(metrics => metrics.submitted(channel)),
    rejected: (kind, code) => record(metrics => metrics.rejected(kind, code)),
    pdfChecked: (verdict, seconds) => record(metrics => metrics.pdfChecked(verdict, seconds)),
    leaseWaited: seconds => record(metrics => metrics.leaseWaited(seconds)),
    leaseLost: () => record(metrics => metrics.leaseLost()),
    teamsDelivered: outcome => record(metrics => metrics.teamsDelivered(outcome)),
    limited: limit => record(metrics => metrics.limited(limit)),
    jobEnded: (queue, outcome) => record(metrics => metrics.jobEnded(queue, outcome)),
    answered: answer => record(metrics => metrics.answered(answer)),
    expose: async readings => (await ready()).expose(readings),
    contentType,
  }
}

async function loadPrometheus(): Promise<Exposition> {
  const [{ collectDefaultMetrics, Registry }, { createPrometheusMetrics }, { createGauges }] = await Promise.all([
    import('prom-client'),
    import('./prometheus.ts'),
    import('./gauges.ts'),
  ])
  const registry = new Registry()
  // The delay of the event loop is sampled by a timer: ten times a second is enough to see that it stands still.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 100 })
  const show = createGauges(registry)
  return {
    metrics: createPrometheusMetrics(registry),
    expose(readings) {
      show(readings)
      return registry.metrics()
    },
  }
}
