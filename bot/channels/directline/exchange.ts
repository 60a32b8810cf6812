import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { Server } from 'restify'
import { AppError } from '../../../services/errors.ts'
import type { Log } from '../../../services/log.ts'
import { refusal } from './answer.ts'
import type { Answer, Headers } from './answer.ts'
import { crossOriginHeaders, isForeignOrigin } from './origins.ts'

/** One request with what its route needs of it. */
export interface Exchange {
  readonly request: IncomingMessage
  /** Parts of the path that the route names. */
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
}

export type Handler = (exchange: Exchange) => Promise<Answer> | Answer

export type Method = 'get' | 'head' | 'post' | 'put' | 'patch' | 'del' | 'opts'

const securityHeaders: Headers = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
}

/**
 * Adds routes that answer by value. Whatever breaks in a handler becomes a coded error and a log line; restify never
 * sees it, since it would send the error's text.
 */
export function createRouter(
  server: Server,
  { allowedOrigins, log }: { allowedOrigins: ReadonlySet<string>; log: Log },
) {
  async function answerTo(handler: Handler, exchange: Exchange): Promise<Answer> {
    if (isForeignOrigin(exchange.request.headers.origin, allowedOrigins)) return refusal('unauthorized')
    try {
      return await handler(exchange)
    } catch (error) {
      return failure(log, error)
    }
  }

  return function route(method: Method, path: string, handler: Handler): void {
    server[method](path, async (request, response) => {
      const exchange = { request, params: request.params ?? {}, query: queryOf(request) }
      const answer = await answerTo(handler, exchange)
      const shared = { ...securityHeaders, ...crossOriginHeaders(request.headers.origin, allowedOrigins) }
      await write(response, answer, shared).catch(() => response.destroy())
      // What a refusal left unread must pass, or the connection stands still.
      request.resume()
    })
  }
}

function failure(log: Log, error: unknown): Answer {
  const code = error instanceof AppError ? error.code : 'unknown'
  // The operator has been told once for all.
  if (code === 'storage.full') return refusal('storageFull')
  log.error('directline.failed', { code, name: error instanceof Error ? error.name : typeof error })
  return refusal(code.startsWith('database.') ? 'unavailable' : 'internal')
}

function queryOf({ url = '' }: IncomingMessage): URLSearchParams {
  const start = url.indexOf('?')
  return new URLSearchParams(start === -1 ? '' : url.slice(start + 1))
}

async function write(response: ServerResponse, { status, headers, body }: Answer, shared: Headers): Promise<void> {
  // The server may have given up on a slow body by itself.
  if (response.headersSent || response.destroyed) return
  if (body === undefined || typeof body === 'string') {
    const length = { 'content-length': String(Buffer.byteLength(body ?? '')) }
    response.writeHead(status, { ...shared, ...length, ...headers })
    response.end(body)
    return
  }
  response.writeHead(status, { ...shared, ...headers })
  await pipeline(body, response)
}
