import type { IncomingMessage } from 'node:http'
import { parseJson, readBytes } from '../../json-request.ts'
import type { RefusalCode } from './answer.ts'
import { BODY_LIMIT } from './limits.ts'

export type Read =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly refused: RefusalCode }

/** Reads a JSON body of at most `limit` bytes. A request without a body reads as `{}`, since some of Direct Line's POSTs have none. */
export async function readJson(request: IncomingMessage, limit = BODY_LIMIT): Promise<Read> {
  const bytes = await readBytes(request, limit)
  if (bytes === 'tooLarge') return { ok: false, refused: 'request.tooLarge' }
  if (bytes === 'broken') return { ok: false, refused: 'request.malformed' }
  if (bytes.length === 0) return { ok: true, value: {} }
  if (!isJson(request.headers['content-type'])) return { ok: false, refused: 'request.unsupportedType' }
  return readActivityJson(bytes)
}

export function readActivityJson(bytes: Buffer): Read {
  const parsed = parseJson(bytes)
  return parsed.ok ? parsed : { ok: false, refused: 'request.malformed' }
}

export const isJson = (contentType = '') => /^application\/json\s*(;\s*charset=("?)utf-8\2\s*)?$/i.test(contentType)
