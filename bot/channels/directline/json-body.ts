import type { IncomingMessage } from 'node:http'
import { BODY_LIMIT } from './limits.ts'
import type { RefusalCode } from './answer.ts'

export type Read =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly refused: RefusalCode }

/** Far deeper than any activity, far from where a recursive walk overflows the stack. */
const DEPTH_LIMIT = 32

/** Reads a JSON body. A request without a body reads as `{}`, since some of Direct Line's POSTs have none. */
export async function readJson(request: IncomingMessage): Promise<Read> {
  if (Number(request.headers['content-length'] ?? 0) > BODY_LIMIT) return { ok: false, refused: 'request.tooLarge' }
  const bytes = await readBytes(request)
  if (typeof bytes === 'string') return { ok: false, refused: bytes }
  if (bytes.length === 0) return { ok: true, value: {} }
  if (!isJson(request.headers['content-type'])) return { ok: false, refused: 'request.unsupportedType' }
  return parseJson(bytes)
}

export function parseJson(bytes: Buffer): Read {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    if (isTooDeep(text)) return { ok: false, refused: 'request.malformed' }
    const value: unknown = JSON.parse(text)
    return { ok: true, value }
  } catch {
    return { ok: false, refused: 'request.malformed' }
  }
}

export const isJson = (contentType = '') => /^application\/json\s*(;\s*charset=("?)utf-8\2\s*)?$/i.test(contentType)

/** Counts open brackets outside strings; the text need not be valid. */
function isTooDeep(text: string): boolean {
  let depth = 0
  let quoted = false
  for (let index = 0; index < text.length; index++) {
    const character = text[index]
    if (quoted) {
      if (character === '\\') index++
      else if (character === '"') quoted = false
    } else if (character === '"') quoted = true
    else if (character === '{' || character === '[') {
      if (++depth > DEPTH_LIMIT) return true
    } else if (character === '}' || character === ']') depth--
  }
  return false
}

/** How long it may take is the server's to say: a request that it cuts off ends here with an error. */
async function readBytes(request: IncomingMessage): Promise<Buffer | RefusalCode> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      size += chunk.length
      if (size > BODY_LIMIT) return 'request.tooLarge'
      chunks.push(chunk)
    }
    return Buffer.concat(chunks)
  } catch {
    return 'request.malformed'
  }
}
