import { z } from 'zod'
import { textWithin } from '../bounded-text.ts'

/** `code` is Graph's own, or ours for what never got there. */
export type GraphRefusal = {
  readonly ok: false
  readonly reason: 'notFound' | 'conflict' | 'throttled' | 'unavailable' | 'refused'
  readonly status?: number
  readonly code: string
  /** Graph's own id of the call, for whoever asks Microsoft about it. */
  readonly requestId?: string
}

export type GraphAnswer = { readonly ok: true; readonly status: number; readonly body: unknown } | GraphRefusal

const idSchema = z.string().regex(/^[\w-]{1,100}$/)
const errorBody = z.object({ error: z.object({ code: z.string().regex(/^[\w.]{1,60}$/) }) })

/** Bytes: a person, an item of a drive, an error. */
const LONGEST = 256 * 1024

export async function answerOf(response: Response): Promise<GraphAnswer> {
  const { status } = response
  const text = await textWithin(response, LONGEST)
  if (text === undefined) return { ok: false, reason: 'unavailable', status, code: 'answer-too-long' }
  const body = parsed(text)
  if (response.ok) return { ok: true, status, body }
  const code = errorBody.safeParse(body).data?.error.code ?? 'none'
  const requestId = idSchema.safeParse(response.headers.get('request-id')).data
  return { ok: false, reason: reasonOf(status), status, code, ...(requestId !== undefined && { requestId }) }
}

function parsed(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

function reasonOf(status: number): GraphRefusal['reason'] {
  if (status === 404 || status === 410) return 'notFound'
  if (status === 409 || status === 412) return 'conflict'
  if (status === 429) return 'throttled'
  // The library, or the mailbox, is full: no pause helps, and others are not held up.
  if (status === 507) return 'refused'
  return status >= 500 || status === 408 || status === 423 ? 'unavailable' : 'refused'
}

/** Milliseconds from `Retry-After`, in seconds or as a date, as long as it is sane: an hour at most. */
export function retryAfterMs(headers: Headers, now: Date): number | undefined {
  const text = headers.get('Retry-After')
  if (text === null) return undefined
  const milliseconds = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now.getTime()
  return Number.isNaN(milliseconds) ? undefined : Math.min(Math.max(0, milliseconds), 3_600_000)
}
