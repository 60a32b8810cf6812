import type { ServerResponse } from 'node:http'

/** What goes wrong at the door. A client shows its own sentence for each; none says anything of our insides. */
export type HttpErrorCode =
  | 'badRequest'
  | 'bodyTimeout'
  | 'busy'
  | 'expired'
  | 'knownDevicesOnly'
  | 'methodNotAllowed'
  | 'notFound'
  | 'notReady'
  | 'originRefused'
  | 'otherMember'
  | 'refused'
  | 'signedOut'
  | 'tooLarge'
  | 'tooManyRequests'
  | 'unexpected'
  | 'unsupportedType'
  | 'weakPassword'
  | 'wrongCredentials'

export function sendJson(res: ServerResponse, status: number, body: unknown): void {
  // The time limit answers a late body while a handler may still wait for it.
  if (res.headersSent) return
  const bytes = Buffer.from(JSON.stringify(body))
  res.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': bytes.length,
    'Cache-Control': 'no-store',
  })
  res.end(bytes)
}

/** `{ error: { code, … } }` */
export function sendError(
  res: ServerResponse,
  status: number,
  error: { readonly code: HttpErrorCode; readonly hours?: number; readonly reference?: string },
): void {
  sendJson(res, status, { error })
}

export function sendNothing(res: ServerResponse): void {
  res.writeHead(204, { 'Cache-Control': 'no-store' })
  res.end()
}

/** @param waitMs rounded up to the seconds of `Retry-After` */
export function sendTooMany(res: ServerResponse, waitMs: number): void {
  res.setHeader('Retry-After', Math.max(1, Math.ceil(waitMs / 1000)))
  sendError(res, 429, { code: 'tooManyRequests' })
}
