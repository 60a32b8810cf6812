import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Request, Response, Server } from 'restify'
import type { MetricsRegistry } from '../metrics/metrics-registry.ts'
import { takeReadings, type Sources } from '../metrics/readings.ts'
import { sendError } from './respond.ts'

export interface MetricsRoute {
  readonly registry: Pick<MetricsRegistry, 'expose' | 'contentType'>
  readonly sources: Sources
  readonly access: MetricsAccess
}

export interface MetricsAccess {
  /** Whoever sends it as `Authorization: Bearer` may read. */
  readonly token: string | undefined
  /** Without a token: a request from this machine may read. Behind a proxy on this machine, that would be everybody. */
  readonly openOnLoopback: boolean
}

/** `GET /metrics` in Prometheus' text format; 404 for whoever may not know that it is there. */
export function installMetrics(server: Server, { registry, sources, access }: MetricsRoute): void {
  server.get('/metrics', async (req: Request, res: Response) => {
    if (!mayRead(req, access)) return sendError(res, 404, { code: 'notFound' })
    const text = Buffer.from(await registry.expose(await takeReadings(sources)))
    res.writeHead(200, {
      'Content-Type': registry.contentType,
      'Content-Length': text.length,
      'Cache-Control': 'no-store',
    })
    res.end(text)
  })
}

const loopback = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1'])
const forwarding = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip']

function mayRead(req: IncomingMessage, { token, openOnLoopback }: MetricsAccess): boolean {
  if (token !== undefined) return isSame(req.headers.authorization ?? '', `Bearer ${token}`)
  const isForwarded = forwarding.some(name => req.headers[name] !== undefined)
  return openOnLoopback && !isForwarded && loopback.has(req.socket.remoteAddress ?? '')
}

/** Takes as long for any wrong one. */
function isSame(given: string, wanted: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(given), hash(wanted))
}
