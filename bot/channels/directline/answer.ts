import type { Readable } from 'node:stream'

/** Codes that a client of these routes may see. 403 is never among their statuses: Web Chat dies of it. */
const refusals = {
  'request.malformed': [400, 'The request cannot be read'],
  unauthorized: [401, 'A valid token is needed'],
  notFound: [404, 'Not found'],
  'upload.overtaken': [409, 'The upload is not there by now: ask how far it has come'],
  'upload.version': [412, 'The protocol is tus 1.0.0'],
  'request.tooLarge': [413, 'The request is too large'],
  'request.unsupportedType': [415, 'The content type is not supported'],
  'activity.malformed': [422, 'The activity cannot be taken in'],
  'activity.unsupported': [422, 'Activities of this kind are not taken from clients'],
  'activity.empty': [422, 'The activity says nothing'],
  // Not 429: Web Chat leaves a message so refused "sending" for ever, where 422 lets its sender try again.
  rateLimited: [422, 'Too many in a short time'],
  unavailable: [503, 'The service cannot answer now'],
  storageFull: [507, 'Nothing can be stored now: the same again later'],
  internal: [500, 'The service failed'],
} as const satisfies Record<string, readonly [number, string]>

export type RefusalCode = keyof typeof refusals

export type Headers = Readonly<Record<string, string>>

export interface Answer {
  readonly status: number
  readonly headers?: Headers
  /** JSON text, or bytes that are not all there yet. */
  readonly body?: string | Readable
}

export const json = (status: number, value: unknown): Answer => jsonText(status, JSON.stringify(value))

export const jsonText = (status: number, text: string): Answer => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: text,
})

/** @param waitMs until the next one is allowed */
export const tooOften = (waitMs: number): Answer =>
  refusal('rateLimited', { 'retry-after': String(Math.ceil(waitMs / 1000)) })

/** A coded error, the same bytes for the same code: nobody learns from it what exists. */
export function refusal(code: RefusalCode, headers: Headers = {}): Answer {
  const [status, message] = refusals[code]
  const answer = json(status, { error: { code, message } })
  return { ...answer, headers: { ...answer.headers, ...headers } }
}
