import { once } from 'node:events'
import { createServer } from 'node:http'
import { z } from 'zod'

const value = z.union([
  z.strictObject({ stringValue: z.string() }),
  z.strictObject({ intValue: z.union([z.number(), z.string()]) }),
  z.strictObject({ doubleValue: z.number() }),
])
const attributes = z.array(z.strictObject({ key: z.string(), value }))
const nanoseconds = z.union([z.string().regex(/^\d{16,}$/), z.strictObject({ low: z.number(), high: z.number() })])
const span = z.looseObject({
  traceId: z.string().regex(/^[\da-f]{32}$/),
  spanId: z.string().regex(/^[\da-f]{16}$/),
  parentSpanId: z
    .string()
    .regex(/^[\da-f]{16}$/)
    .optional(),
  name: z.string().min(1),
  kind: z.int().min(1).max(5),
  startTimeUnixNano: nanoseconds,
  endTimeUnixNano: nanoseconds,
  attributes,
  status: z.looseObject({ code: z.int().min(0).max(2) }),
})
/** ExportTraceServiceRequest of OTLP 1, in its JSON form. */
const request = z.looseObject({
  resourceSpans: z.array(
    z.looseObject({
      resource: z.looseObject({ attributes }),
      scopeSpans: z.array(z.looseObject({ scope: z.looseObject({ name: z.string() }), spans: z.array(span) })),
    }),
  ),
})

export type CollectedSpan = z.infer<typeof span>

export interface FakeCollector {
  readonly url: string
  readonly spans: readonly CollectedSpan[]
  /** Everything that it was sent, as text. */
  text(): string
  /** Turns the next requests away, as a collector does that has too much to do. */
  turnAway(times: number): void
  close(): Promise<void>
}

/** A collector on the loopback that speaks OTLP over HTTP and takes nothing that the protocol does not allow. */
export async function startFakeCollector(): Promise<FakeCollector> {
  const spans: CollectedSpan[] = []
  let text = ''
  let refusals = 0
  const server = createServer((req, res) => {
    const parts: Buffer[] = []
    req.on('data', (part: Buffer) => parts.push(part))
    req.on('end', () => {
      const answer = (status: number, body: object) =>
        res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
      if (req.method !== 'POST' || req.url !== '/v1/traces') return answer(404, {})
      if (req.headers['content-type'] !== 'application/json') return answer(415, {})
      if (refusals-- > 0) return res.writeHead(503, { 'retry-after': '1' }).end()
      const body = Buffer.concat(parts).toString('utf8')
      text += body
      const read = request.safeParse(JSON.parse(body))
      if (!read.success) return answer(400, { message: read.error.message })
      for (const { scopeSpans } of read.data.resourceSpans) for (const scope of scopeSpans) spans.push(...scope.spans)
      return answer(200, { partialSuccess: {} })
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    spans,
    text: () => text,
    turnAway: times => void (refusals = times),
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
