import type { IncomingMessage } from 'node:http'
import { parseJson, readBytes } from '../json-request.ts'
import type { HttpErrorCode } from './respond.ts'

export type JsonBody =
  | { ok: true; value: unknown }
  | { ok: false; status: 400 | 413 | 415; code: Extract<HttpErrorCode, 'badRequest' | 'tooLarge' | 'unsupportedType'> }

/**
 * Reads a JSON body of at most `limit` bytes. Only `application/json` in UTF-8, uncompressed: another site cannot have a
 * browser send that type without asking first.
 */
export async function readJson(req: IncomingMessage, limit: number): Promise<JsonBody> {
  const type = (req.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase()
  if (type !== 'application/json' || (req.headers['content-encoding'] ?? 'identity') !== 'identity')
    return { ok: false, status: 415, code: 'unsupportedType' }
  const bytes = await readBytes(req, limit)
  if (bytes === 'tooLarge') return { ok: false, status: 413, code: 'tooLarge' }
  const parsed = bytes === 'broken' ? { ok: false as const } : parseJson(bytes)
  return parsed.ok ? parsed : { ok: false, status: 400, code: 'badRequest' }
}
