import { randomBytes, randomUUID } from 'node:crypto'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SharedFile } from '../connector/person-activities.ts'
import { type Call, type LoopbackServer, type Reply, startLoopbackServer } from '../http/loopback-server.ts'

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

export interface FileHost {
  readonly url: string
  readonly downloads: readonly Download[]
  share(bytes: Uint8Array, name: string, fault?: FileFault): SharedFile
  /** From now on its link has lapsed. */
  expire(file: SharedFile): void
  close(): Promise<void>
}

interface Stored {
  readonly bytes: Uint8Array
  readonly name: string
  readonly tempauth: string
  readonly fault: FileFault | undefined
  expired: boolean
}

const pieceBytes = 64 * 1024

/** Writes until all is written or nobody listens. */
async function stream(call: Call, download: Download, pieces: AsyncIterable<Uint8Array>): Promise<Reply> {
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

async function serveWrong(call: Call, { bytes, fault }: Stored, download: Download): Promise<Reply> {
  const { res } = call
  switch (fault?.kind) {
    case 'redirect':
      return { status: 302, headers: { Location: fault.location } }
    case 'type':
      res.writeHead(200, fault.contentType === undefined ? {} : { 'Content-Type': fault.contentType })
      return await stream(call, download, whole(bytes))
    case 'endless':
      res.writeHead(200, { 'Content-Type': 'application/pdf' })
      return await stream(call, download, endless(bytes, fault.size))
    case 'drip':
      res.writeHead(200, { 'Content-Type': 'application/pdf', 'Content-Length': bytes.length })
      return await stream(call, download, drip(bytes, fault.everyMs))
    case 'declares':
      res.strictContentLength = false
      res.writeHead(200, { 'Content-Type': 'application/pdf', 'Content-Length': fault.length })
      res.write(bytes)
      download.sent += bytes.length
      call.req.socket.destroySoon()
      return 'sent'
    case 'breaks':
      res.writeHead(200, { 'Content-Type': 'application/pdf', 'Content-Length': bytes.length })
      res.write(bytes.subarray(0, fault.after), () => call.req.socket.resetAndDestroy())
      download.sent += fault.after
      return 'sent'
    case 'encoded':
      res.writeHead(200, { 'Content-Type': 'application/pdf', 'Content-Encoding': fault.encoding })
      return await stream(call, download, whole(fault.bytes))
    default:
      return { status: fault?.kind === 'status' ? fault.status : 500 }
  }
}

/** SharePoint's part: download links that need no header, refuse one that brings it, and lapse. */
export async function startFileHost({ port }: { readonly port?: number | undefined } = {}): Promise<FileHost> {
  const files = new Map<string, Stored>()
  const downloads: Download[] = []

  async function serve(call: Call): Promise<Reply> {
    const hadAuthorization = call.req.headers.authorization !== undefined
    const stored = files.get(call.url.searchParams.get('UniqueId') ?? '')
    const isValid = stored?.tempauth === call.url.searchParams.get('tempauth') && !stored?.expired
    const status = hadAuthorization || !isValid ? 401 : 200
    const download: Download = { path: call.url.pathname, status, hadAuthorization, sent: 0 }
    downloads.push(download)
    if (!stored || status !== 200) return { status, json: { error: { code: 'unauthenticated' } } }
    if (stored.fault) return await serveWrong(call, stored, download)
    download.sent = stored.bytes.length
    const disposition = `attachment; filename*=UTF-8''${encodeURIComponent(stored.name)}`
    const headers = { 'Content-Type': 'application/octet-stream', 'Content-Disposition': disposition }
    return { status: 200, bytes: stored.bytes, headers }
  }

  const site = '/personal/:owner/_layouts/15/download.aspx'
  const server: LoopbackServer = await startLoopbackServer({ [`GET ${site}`]: serve }, port)
  return {
    url: server.url,
    downloads,
    share(bytes, name, fault) {
      const uniqueId = randomUUID()
      const tempauth = randomBytes(48).toString('base64url')
      files.set(uniqueId, { bytes, name, tempauth, fault, expired: false })
      const query = new URLSearchParams({ UniqueId: uniqueId, Translate: 'false', tempauth, ApiVersion: '2.0' })
      return {
        name,
        uniqueId,
        downloadUrl: `${server.url}/personal/member_fosmef_ma/_layouts/15/download.aspx?${query.toString()}`,
        contentUrl: `${server.url}/personal/member_fosmef_ma/Documents/Applications/${encodeURIComponent(name)}`,
      }
    },
    expire({ uniqueId }) {
      const stored = files.get(uniqueId)
      if (stored) stored.expired = true
    },
    close: () => server.close(),
  }
}
