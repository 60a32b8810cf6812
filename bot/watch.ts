import type { Log } from '../services/log.ts'
import { createTracing, type Tracing } from '../services/tracing/tracing.ts'
import { createJsonLog } from './json-log.ts'
import { createMetricsRegistry, type MetricsRegistry } from './metrics/metrics-registry.ts'
import type { OtlpExport } from './tracing/otlp-export.ts'

export interface WatchOptions {
  readonly logLevel: string
  /** Undefined: traces are handed on and logged, and sent nowhere. */
  readonly otlpEndpoint: string | undefined
  readonly newId: () => string
}

/** What operators see of the process. */
export interface Watch {
  readonly log: Log
  readonly metrics: MetricsRegistry
  readonly tracing: Tracing
  /** The start has succeeded. */
  started(): void
  close(): Promise<void>
}

export async function openWatch({ logLevel, otlpEndpoint, newId }: WatchOptions): Promise<Watch> {
  const otlp = otlpEndpoint === undefined ? undefined : await openExport(otlpEndpoint, newId())
  // A clock for durations too: it has fractions, and nobody sets it back.
  const now = () => performance.timeOrigin + performance.now()
  const tracing = createTracing({ newId, now, keep: otlp?.keep })
  const log = createJsonLog(logLevel, tracing.traceId)
  return {
    log,
    metrics: createMetricsRegistry(),
    tracing,
    started: () => log.started(),
    close: async () => otlp?.close(),
  }
}

/** OpenTelemetry's packages are loaded for those who want them: a start without costs nothing. */
async function openExport(endpoint: string, instance: string): Promise<OtlpExport> {
  const { openOtlpExport } = await import('./tracing/otlp-export.ts')
  return openOtlpExport({ endpoint, instance })
}
