import { randomBytes } from 'node:crypto'
import type { Request, Response, Server } from 'restify'
import { AppError } from '../../services/errors.ts'
import { causesOf } from '../../services/failure.ts'
import type { Log } from '../../services/log.ts'
import { type HttpErrorCode, sendError } from './respond.ts'

const codes: Readonly<Record<number, HttpErrorCode>> = {
  400: 'badRequest',
  404: 'notFound',
  405: 'methodNotAllowed',
  413: 'tooLarge',
  415: 'unsupportedType',
}

/**
 * Answers whatever a handler threw and whatever restify refused. restify's own answer repeats the text of the error, so
 * its callback is never called: nothing is left for it to send.
 */
export function answerFailures(server: Server, log: Log): void {
  server.on('restifyError', (req: Request, res: Response, error: unknown) => {
    if (res.headersSent) {
      if (!res.writableEnded) req.socket.destroy()
      if (statusOf(error) === undefined) report(log, req, error)
      return
    }
    const status = statusOf(error)
    if (status !== undefined) return sendError(res, status, { code: codes[status] ?? 'refused' })
    sendError(res, 500, { code: 'unexpected', reference: report(log, req, error) })
  })
}

/** For what restify sends of itself, such as the answer that a handler forgot: an error never becomes its text. */
export function formatJson(_req: Request, _res: Response, body: unknown): string {
  return JSON.stringify(body instanceof Error ? { error: { code: 'unexpected' satisfies HttpErrorCode } } : body)
}

/** restify's own refusals carry a status; nothing of ours does. */
function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || error instanceof AppError || !('statusCode' in error)) return undefined
  const status = error.statusCode
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined
}

function report(log: Log, req: Request, error: unknown): string {
  const reference = randomBytes(4).toString('hex')
  // The route, never the address: that may hold ids and tokens.
  const route = req.getRoute()?.path
  log.error('http.failed', { reference, method: req.method, route: String(route ?? ''), ...describe(error) })
  return reference
}

/** What happened and where, without the text, which may quote a value. */
function describe(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { name: typeof error }
  const causes = causesOf(error)
  const frames = (error.stack ?? '').split('\n').filter(line => /^\s+at /.test(line))
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  return { name: error.name, code, causes, at: frames.slice(0, 8).map(line => line.trim()) }
}
