import type { OutgoingHttpHeaders } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Call, Reply } from '../http/loopback-server.ts'

/** How a download goes wrong. Sizes in bytes. */
export type FileFault =
  | { readonly kind: 'status'; readonly status: number }
  /** Answers with this type whatever the file is, or with none. */
  | { readonly kind: 'type'; readonly contentType?: string }
  /** Streams this many bytes, the file first and then padding, and never says how many. */
  | { readonly kind: 'endless'; readonly size: number }
  /** Declares this length and sends the file. */
  | { readonly kind: 'declares'; readonly length: number }
  /** A byte every so many milliseconds. */
  | { readonly kind: 'drip'; readonly everyMs: number }
  /** Breaks the connection after so many bytes. */
  | { readonly kind: 'breaks'; readonly after: number }
  | { readonly kind: 'redirect'; readonly location: string }
  /** Bytes of gzip, whoever asked for it or not. */
  | { readonly kind: 'encoded'; readonly bytes: Uint8Array; readonly encoding: string }

/** One GET of a file. */
export interface Download {
  readonly path: string
  readonly status: number
  readonly hadAuthorization: boolean
  /** Bytes that left before the connection closed. */
  sent: number
}

type StreamFault = Extract<FileFault, { readonly kind: 'type' | 'endless' | 'drip' | 'encoded' }>
type Pieces = AsyncIterable<Uint8Array>

const pieceBytes = 64 * 1024

/** Writes until all is written or nobody listens. */
async function stream(call: Call, download: Download, pieces: Pieces): Promise<Reply> {
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const piece of pieces) {
      download.sent += piece.length
      yield piece
    }
  }
  // Who stops listening ends it.
  await pipeline(counted, call.res).catch(() => undefined)
  return 'sent'
}

async function* endless(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  yield bytes.subarray(0, size)
  const padding = Buffer.alloc(pieceBytes, 0x20)
  for (let at = bytes.length; at < size; at += pieceBytes) yield padding.subarray(0, Math.min(pieceBytes, size - at))
}

async function* drip(bytes: Uint8Array, everyMs: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at++) {
    yield bytes.subarray(at, at + 1)
    await sleep(everyMs, undefined, { ref: false })
  }
}

async function* whole(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

/** What goes out, and what is said of it. */
function streamed(bytes: Uint8Array, fault: StreamFault): { headers: OutgoingHttpHeaders; pieces: Pieces } {
  const pdf = { 'Content-Type': 'application/pdf' }
  switch (fault.kind) {
    case 'type':
      return {
        headers: fault.contentType === undefined ? {} : { 'Content-Type': fault.contentType },
        pieces: whole(bytes),
      }
    case 'endless':
      return { headers: pdf, pieces: endless(bytes, fault.size) }
    case 'drip':
      return { headers: { ...pdf, 'Content-Length': bytes.length }, pieces: drip(bytes, fault.everyMs) }
    case 'encoded':
      return { headers: { ...pdf, 'Content-Encoding': fault.encoding }, pieces: whole(fault.bytes) }
  }
}

/** Says how long it will be, and ends before. */
function cutShort(call: Call, bytes: Uint8Array, { length, after }: { length: number; after: number }): Reply {
  const { res, req } = call
  res.strictContentLength = false
  res.writeHead(200, { 'Content-Type': 'application/pdf', 'Content-Length': length })
  res.write(bytes.subarray(0, after), () => (length > bytes.length ? req.socket.end() : req.socket.resetAndDestroy()))
  return 'sent'
}

export interface FaultyFile {
  readonly bytes: Uint8Array
  readonly fault: FileFault
}

/** Answers a download as the fault says. */
export async function serveFaulty(call: Call, { bytes, fault }: FaultyFile, download: Download): Promise<Reply> {
  switch (fault.kind) {
    case 'status':
      return { status: fault.status }
    case 'redirect':
      return { status: 302, headers: { Location: fault.location } }
    case 'declares':
      download.sent += bytes.length
      return cutShort(call, bytes, { length: fault.length, after: bytes.length })
    case 'breaks':
      download.sent += fault.after
      return cutShort(call, bytes, { length: bytes.length, after: fault.after })
    default: {
      const { headers, pieces } = streamed(bytes, fault)
      call.res.writeHead(200, headers)
      return await stream(call, download, pieces)
    }
  }
}
