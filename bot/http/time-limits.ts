import type { IncomingMessage, Server, ServerOptions, ServerResponse } from 'node:http'
import { sendError } from './respond.ts'

/** Milliseconds; shorter ones only in tests. */
export interface TimeLimits {
  readonly headers: number
  /** For a whole body that is no file. */
  readonly body: number
  /** A file may take long, as long as it comes: this long without a byte ends it. */
  readonly silence: number
  /** The longest that one request may bring a file, so that nobody holds a place by a byte now and then. */
  readonly upload: number
  /** A socket that nobody reads or writes for so long is dropped, WebSockets apart. */
  readonly idle: number
}

/** 64 MB come within the hour over a line of 20 KB a second. */
export const timeLimits: TimeLimits = {
  headers: 15_000,
  body: 30_000,
  silence: 30_000,
  upload: 3_600_000,
  idle: 120_000,
}

const uploads = /^\/v3\/directline\/conversations\/[^/]+\/(upload(\?|$)|uploads\/)/

/** What Node itself watches. */
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

export function limitSockets(server: Server, { idle }: TimeLimits): void {
  server.maxRequestsPerSocket = 1_000
  server.setTimeout(idle)
}

/** Ends a request whose body does not come as it must, whether or not somebody is reading it. */
export function limitBodyTime(req: IncomingMessage, res: ServerResponse, limits: TimeLimits): void {
  const end = (): void => {
    if (req.complete) return
    if (res.headersSent) return void req.socket.destroy()
    res.setHeader('Connection', 'close')
    sendError(res, 408, { code: 'bodyTimeout' })
    req.socket.destroySoon()
  }
  const stop = uploads.test(req.url ?? '') ? whenSilent(req, limits.silence, end) : whenLate(limits.body, end)
  req.once('end', stop)
  req.once('close', stop)
}

function whenLate(limit: number, end: () => void): () => void {
  const timer = setTimeout(end, limit)
  return () => clearTimeout(timer)
}

/** Looks four times within the limit: an event for every byte would set the body flowing before somebody reads it. */
function whenSilent(req: IncomingMessage, limit: number, end: () => void): () => void {
  const steps = 4
  let seen = -1
  let quiet = 0
  const timer = setInterval(() => {
    // What waits to be read is our silence, not the sender's.
    const isHeard = req.socket.bytesRead !== seen || req.readableLength > 0
    seen = req.socket.bytesRead
    quiet = isHeard ? 0 : quiet + 1
    if (quiet < steps) return
    clearInterval(timer)
    end()
  }, limit / steps)
  return () => clearInterval(timer)
}
