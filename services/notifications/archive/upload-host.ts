import { z } from 'zod'
import type { Circuit } from '../../directory/circuit.ts'
import { answerOf, retryAfterMs, type GraphAnswer } from '../../directory/graph-answer.ts'
import type { FileRange } from './file-ranges.ts'

/** What SharePoint says of an upload that goes on: the first byte that it lacks. */
const progress = z
  .object({ nextExpectedRanges: z.array(z.string().regex(/^\d+/)).min(1) })
  .transform(({ nextExpectedRanges: [first = ''] }) => Number.parseInt(first, 10))

/** @returns undefined when `body` is not a progress */
export function nextByte(body: unknown): number | undefined {
  return progress.safeParse(body).data
}

export interface UploadHost {
  put(url: string, range: FileRange, total: number): Promise<GraphAnswer>
  progress(url: string): Promise<GraphAnswer>
  cancel(url: string): Promise<void>
}

interface Deps {
  readonly circuit: Circuit
  readonly now: () => Date
  /** Milliseconds for one range. */
  readonly limitMs: number
  /** Graph is an emulator on the loopback, and so is this. */
  readonly allowPlain: boolean
}

const HOLD_MS = 10_000

/** The host that an upload session names. Its address is the permission: no bearer goes there. */
export function createUploadHost({ circuit, now, limitMs, allowPlain }: Deps): UploadHost {
  async function ask(url: string, init: RequestInit): Promise<GraphAnswer> {
    if (!isAllowed(url, allowPlain)) return { ok: false, reason: 'refused', code: 'upload-address' }
    const refusal = circuit.refusal()
    if (refusal) return { ok: false, reason: refusal, code: 'circuit' }
    const answer = await fetchAnswer(url, init).catch((): GraphAnswer => {
      return { ok: false, reason: 'unavailable', code: 'network' }
    })
    if (!answer.ok && answer.reason === 'unavailable') circuit.failed()
    else circuit.succeeded()
    return answer
  }

  async function fetchAnswer(url: string, init: RequestInit): Promise<GraphAnswer> {
    const response = await fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.timeout(limitMs) })
    if (response.status === 429 || response.headers.has('Retry-After'))
      circuit.holdFor(retryAfterMs(response.headers, now()) ?? HOLD_MS)
    return await answerOf(response)
  }

  return {
    async put(url, { start, bytes }, total) {
      const headers = { 'Content-Range': `bytes ${start}-${start + bytes.length - 1}/${total}` }
      return await ask(url, { method: 'PUT', headers, body: bytes })
    },
    progress: url => ask(url, { method: 'GET' }),
    async cancel(url) {
      await ask(url, { method: 'DELETE' })
    },
  }
}

function isAllowed(url: string, allowPlain: boolean): boolean {
  const { protocol, hostname } = new URL(url)
  return protocol === 'https:' || (allowPlain && ['127.0.0.1', 'localhost'].includes(hostname))
}
