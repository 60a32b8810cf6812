import { randomBytes, randomUUID } from 'node:crypto'
import type { SharedFile } from '../connector/person-activities.ts'
import { type Call, type LoopbackServer, type Reply, startLoopbackServer } from '../http/loopback-server.ts'
import { serveFaulty, type Download, type FileFault } from './faulty-download.ts'

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
    const { bytes, fault, name } = stored
    if (fault) return await serveFaulty(call, { bytes, fault }, download)
    download.sent = bytes.length
    const disposition = `attachment; filename*=UTF-8''${encodeURIComponent(name)}`
    const headers = { 'Content-Type': 'application/octet-stream', 'Content-Disposition': disposition }
    return { status: 200, bytes, headers }
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
