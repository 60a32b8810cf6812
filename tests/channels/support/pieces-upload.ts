import { createHash, randomUUID } from 'node:crypto'
import { request as nodeRequest } from 'node:http'
import { ask } from './requests.ts'
import type { Answered, Opened } from './requests.ts'

const MB = 1024 * 1024
export const tusHeaders = { 'tus-resumable': '1.0.0' }
export const pieceHeaders = (offset: number) => ({
  ...tusHeaders,
  'upload-offset': String(offset),
  'content-type': 'application/offset+octet-stream',
})

export interface Announcement {
  readonly name?: string
  readonly bytes: Uint8Array
  readonly clientId?: string
  /** Said to be longer or shorter than it is. */
  readonly size?: number
}

const base64 = (value: string | Uint8Array) => Buffer.from(value).toString('base64')

/** What our page says of a file before it comes. */
export function metadataOf({ name = 'scan.pdf', bytes, clientId = randomUUID() }: Announcement): string {
  const activity = JSON.stringify({ type: 'message', channelData: { clientActivityID: clientId } })
  const head = createHash('sha256').update(bytes.subarray(0, MB)).digest()
  return `filename ${base64(name)},activity ${base64(activity)},head ${base64(head)}`
}

export async function announce(domain: string, opened: Opened, file: Announcement): Promise<Answered & { at: string }> {
  const answer = await ask(domain, `POST /conversations/${opened.conversationId}/uploads`, {
    token: opened.token,
    headers: {
      ...tusHeaders,
      'upload-length': String(file.size ?? file.bytes.length),
      'upload-metadata': metadataOf(file),
    },
  })
  return { ...answer, at: (answer.headers.get('location') ?? '').replace('/v3/directline', '') }
}

export const offsetIn = ({ headers }: Answered) => Number(headers.get('upload-offset') ?? Number.NaN)

/** Sends so many bytes of a piece that promises more, and then cuts the connection. */
export async function cutPiece(
  domain: string,
  { token, at, offset }: { token: string; at: string; offset: number },
  bytes: Uint8Array,
): Promise<void> {
  const headers = { ...pieceHeaders(offset), authorization: `Bearer ${token}`, 'content-length': bytes.length + 1 }
  await new Promise<void>(resolve => {
    const piece = nodeRequest(domain + at, { method: 'PATCH', headers })
    piece.on('error', () => undefined).on('close', resolve)
    piece.write(bytes, () => setTimeout(() => piece.destroy(), 20))
  })
}
