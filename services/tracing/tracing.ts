import { AsyncLocalStorage } from 'node:async_hooks'
import { formatTraceparent, parseTraceparent, type SpanContext } from './traceparent.ts'

export type SpanKind = 'server' | 'consumer' | 'internal'

/** Names and attributes are codes, patterns and numbers from closed lists, as labels of metrics are. */
export interface FinishedSpan {
  readonly name: string
  readonly kind: SpanKind
  readonly context: SpanContext
  readonly parentSpanId: string | undefined
  readonly beganAt: Date
  readonly milliseconds: number
  readonly failed: boolean
  readonly attributes: Readonly<Record<string, string | number>>
}

export interface SpanStart {
  readonly kind: SpanKind
  /** The `traceparent` of what caused this; undefined: the work in hand, or nothing, and a trace begins. */
  readonly parent?: string | undefined
}

export interface SpanEnd extends Pick<FinishedSpan, 'name'> {
  readonly failed: boolean
  readonly attributes?: FinishedSpan['attributes']
}

export interface Span {
  /** Everything that `work` does, and goes on doing, belongs to this span. */
  run<T>(work: () => T): T
  end(end: SpanEnd): void
}

/** Ties together what one request causes: in this process, in the turn that comes later, in its jobs. */
export interface Tracing {
  start(start: SpanStart): Span
  /** A span around `work`. */
  trace<T>(span: SpanStart & Omit<SpanEnd, 'failed'>, work: () => Promise<T>): Promise<T>
  /** `traceparent` of the work in hand, to be handed on. */
  readonly current: () => string | undefined
  /** For log lines. */
  readonly traceId: () => string | undefined
}

interface Deps {
  /** A UUID. */
  readonly newId: () => string
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Takes what is to be kept; undefined: ids are handed on and logged, and nothing is kept. */
  readonly keep?: ((span: FinishedSpan) => void) | undefined
}

export function createTracing({ newId, now, keep }: Deps): Tracing {
  const inHand = new AsyncLocalStorage<SpanContext>()
  const newTraceId = () => newId().replaceAll('-', '')

  function contextAfter(parent: SpanContext | undefined): SpanContext {
    const spanId = newTraceId().slice(16)
    if (parent) return { ...parent, spanId }
    return { traceId: newTraceId(), spanId, sampled: keep !== undefined }
  }

  function start({ kind, parent }: SpanStart): Span {
    const before = parseTraceparent(parent) ?? inHand.getStore()
    const context = contextAfter(before)
    const beganAt = now()
    return {
      run: work => inHand.run(context, work),
      end({ name, failed, attributes = {} }) {
        if (!keep || !context.sampled) return
        const timing = { beganAt: new Date(beganAt), milliseconds: now() - beganAt }
        keep({ name, kind, context, parentSpanId: before?.spanId, ...timing, failed, attributes })
      },
    }
  }

  return {
    start,
    async trace({ kind, parent, ...end }, work) {
      const span = start({ kind, parent })
      let failed = true
      try {
        const result = await span.run(work)
        failed = false
        return result
      } finally {
        span.end({ ...end, failed })
      }
    },
    current() {
      const context = inHand.getStore()
      return context && formatTraceparent(context)
    },
    traceId: () => inHand.getStore()?.traceId,
  }
}
