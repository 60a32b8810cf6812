import type { IncomingMessage } from 'node:http'

/** Far deeper than an Adaptive Card inside an activity, far from where a recursive walk overflows the stack. */
const DEEPEST = 32

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

/** JSON in UTF-8 that nests no deeper than anything of ours. */
export function parseJson(bytes: Uint8Array): Parsed {
  if (depthOf(bytes) > DEEPEST) return { ok: false }
  try {
    return { ok: true, value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) }
  } catch {
    return { ok: false }
  }
}

const [quote, backslash, braceOpen, braceClose, bracketOpen, bracketClose] = Buffer.from('"\\{}[]')

/** How deep brackets nest outside strings, counted before anything is built from them. */
function depthOf(bytes: Uint8Array): number {
  let depth = 0
  let deepest = 0
  let inString = false
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]
    if (inString) {
      if (byte === backslash) at++
      else if (byte === quote) inString = false
    } else if (byte === quote) inString = true
    else if (byte === braceOpen || byte === bracketOpen) deepest = Math.max(deepest, ++depth)
    else if (byte === braceClose || byte === bracketClose) depth--
  }
  return deepest
}
