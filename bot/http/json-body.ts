import type { IncomingMessage } from 'node:http'
import type { HttpErrorCode } from './respond.ts'

export type JsonBody =
  | { ok: true; value: unknown }
  | { ok: false; status: 400 | 413 | 415; code: Extract<HttpErrorCode, 'badRequest' | 'tooLarge' | 'unsupportedType'> }

const badRequest = { ok: false, status: 400, code: 'badRequest' } as const
const tooLarge = { ok: false, status: 413, code: 'tooLarge' } as const
/** No client of ours nests deeper than an Adaptive Card inside an activity. */
const DEEPEST = 64

/**
 * Reads a JSON body of at most `limit` bytes. Only `application/json` in UTF-8, uncompressed: another site cannot have a
 * browser send that type without asking first.
 */
export async function readJson(req: IncomingMessage, limit: number): Promise<JsonBody> {
  const type = (req.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase()
  if (type !== 'application/json' || (req.headers['content-encoding'] ?? 'identity') !== 'identity')
    return { ok: false, status: 415, code: 'unsupportedType' }
  if (Number(req.headers['content-length'] ?? 0) > limit) return tooLarge
  const bytes = await readBytes(req, limit)
  if (bytes === 'tooLarge') return tooLarge
  if (bytes === 'broken' || depthOf(bytes) > DEEPEST) return badRequest
  return parse(bytes)
}

async function readBytes(req: IncomingMessage, limit: number): Promise<Buffer | 'tooLarge' | 'broken'> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    // Destroying the request would reset the connection before the answer is read.
    for await (const chunk of req.iterator({ destroyOnReturn: false })) {
      const bytes = Buffer.from(chunk)
      size += bytes.length
      if (size > limit) return 'tooLarge'
      chunks.push(bytes)
    }
  } catch {
    return 'broken'
  }
  return req.complete ? Buffer.concat(chunks) : 'broken'
}

function parse(bytes: Buffer): JsonBody {
  try {
    return { ok: true, value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) }
  } catch {
    return badRequest
  }
}

const [quote, backslash, braceOpen, braceClose, bracketOpen, bracketClose] = Buffer.from('"\\{}[]')

/** How deep brackets nest outside strings, counted before anything is built from them. */
function depthOf(bytes: Buffer): number {
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
