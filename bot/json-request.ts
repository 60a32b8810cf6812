import type { IncomingMessage } from 'node:http'
import { measureJson } from './json-size.ts'

/** Far deeper than an Adaptive Card inside an activity, far from where a recursive walk overflows the stack. */
const DEEPEST = 32
/** Keys and values: a long activity has some two hundred. */
const MOST_PARTS = 4_000

export type Parsed = { readonly ok: true; readonly value: unknown } | { readonly ok: false }

/**
 * The whole body, of at most `limit` bytes. How long it may take is the server's to say: a request that it cuts off
 * is `broken`.
 */
export async function readBytes(request: IncomingMessage, limit: number): Promise<Buffer | 'tooLarge' | 'broken'> {
  if (Number(request.headers['content-length'] ?? 0) > limit) return 'tooLarge'
  // Its sender hung up while something else was asked: no event would come any more.
  if (request.destroyed) return 'broken'
  const { promise, resolve } = Promise.withResolvers<Buffer | 'tooLarge' | 'broken'>()
  const chunks: Buffer[] = []
  let size = 0
  // By its events: the iterator of a stream puts eight listeners on it and takes them away again, for one chunk.
  request.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > limit) return resolve('tooLarge')
    chunks.push(chunk)
  })
  request.on('end', () => resolve(request.complete ? Buffer.concat(chunks) : 'broken'))
  request.on('error', () => resolve('broken'))
  request.on('close', () => resolve('broken'))
  return promise
}

/** JSON in UTF-8 that nests no deeper, and holds no more, than anything of ours; else nothing of it is parsed. */
export function parseJson(bytes: Uint8Array): Parsed {
  const { depth, parts } = measureJson(bytes)
  if (depth > DEEPEST || parts > MOST_PARTS) return { ok: false }
  try {
    return { ok: true, value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) }
  } catch {
    return { ok: false }
  }
}
