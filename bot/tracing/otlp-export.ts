import { SpanKind, SpanStatusCode, TraceFlags, type HrTime } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, type ReadableSpan } from '@opentelemetry/sdk-trace'
import type { FinishedSpan } from '../../services/tracing/tracing.ts'

export interface OtlpExport {
  readonly keep: (span: FinishedSpan) => void
  /** Sends what is left, for some seconds at most. */
  close(): Promise<void>
}

export interface OtlpOptions {
  /** Base address of a collector: traces go to `/v1/traces` below it. */
  readonly endpoint: string
  /** Tells one instance from the others. */
  readonly instance: string
}

const kinds = { server: SpanKind.SERVER, consumer: SpanKind.CONSUMER, internal: SpanKind.INTERNAL }
/** Milliseconds. */
const SEND_LIMIT = 5_000

/** OpenTelemetry's own batches, retries and protocol; spans and ids are ours, so that there is one trace with or without it. */
export function openOtlpExport({ endpoint, instance }: OtlpOptions): OtlpExport {
  const url = `${endpoint.replace(/\/$/, '')}/v1/traces`
  const exporter = new OTLPTraceExporter({ url, timeoutMillis: SEND_LIMIT })
  const processor = new BatchSpanProcessor({ exporter, exportTimeoutMillis: SEND_LIMIT })
  const resource = resourceFromAttributes({ 'service.name': 'moussaada', 'service.instance.id': instance })
  return {
    keep: span => processor.onEnd(readable(span, resource)),
    close: () => processor.shutdown().catch(() => undefined),
  }
}

function readable(span: FinishedSpan, resource: ReadableSpan['resource']): ReadableSpan {
  const { traceId, spanId } = span.context
  const contextOf = (id: string) => ({ traceId, spanId: id, traceFlags: TraceFlags.SAMPLED })
  const begun = span.beganAt.getTime()
  return {
    name: span.name,
    kind: kinds[span.kind],
    spanContext: () => contextOf(spanId),
    ...(span.parentSpanId !== undefined && { parentSpanContext: contextOf(span.parentSpanId) }),
    startTime: highResolution(begun),
    endTime: highResolution(begun + span.milliseconds),
    duration: highResolution(span.milliseconds),
    status: { code: span.failed ? SpanStatusCode.ERROR : SpanStatusCode.UNSET },
    attributes: { ...span.attributes },
    ended: true,
    resource,
    instrumentationScope: { name: 'moussaada' },
    links: [],
    events: [],
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  }
}

/** Seconds and nanoseconds. */
function highResolution(milliseconds: number): HrTime {
  const seconds = Math.floor(milliseconds / 1_000)
  return [seconds, Math.round((milliseconds - seconds * 1_000) * 1_000_000)]
}
