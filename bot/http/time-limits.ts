import type { IncomingMessage, Server, ServerOptions, ServerResponse } from 'node:http'
import { sendError } from './respond.ts'

/** Milliseconds; shorter ones only in tests. */
export interface TimeLimits {
  readonly headers: number
  readonly body: number
  readonly upload: number
}

export const timeLimits: TimeLimits = { headers: 15_000, body: 30_000, upload: 120_000 }

const uploads = /^\/v3\/directline\/conversations\/[^/]+\/upload(\?|$)/

/** What Node itself watches. A socket that nobody reads or writes for two minutes is dropped, WebSockets apart. */
export function serverOptions({ headers, upload }: TimeLimits): ServerOptions {
  return {
    headersTimeout: headers,
    requestTimeout: upload,
    // Node looks for late ones only so often, every 30 s if not told.
    connectionsCheckingInterval: Math.min(1_000, headers / 4),
    // Longer than the minute for which proxies keep a connection, which else they reuse as it closes.
    keepAliveTimeout: 65_000,
    maxHeaderSize: 16 * 1024,
    insecureHTTPParser: false,
  }
}

export function limitSockets(server: Server, { upload }: TimeLimits): void {
  server.maxRequestsPerSocket = 1_000
  server.setTimeout(upload)
}

/** Ends a request whose body is not there in time, whether or not somebody is reading it. */
export function limitBodyTime(req: IncomingMessage, res: ServerResponse, limits: TimeLimits): void {
  const limit = uploads.test(req.url ?? '') ? limits.upload : limits.body
  const timer = setTimeout(() => {
    if (req.complete) return
    if (res.headersSent) return void req.socket.destroy()
    res.setHeader('Connection', 'close')
    sendError(res, 408, { code: 'bodyTimeout' })
    req.socket.destroySoon()
  }, limit)
  const stop = () => clearTimeout(timer)
  req.once('end', stop)
  req.once('close', stop)
}
