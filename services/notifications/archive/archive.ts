import type { DocumentStore } from '../../documents/document-store.ts'
import type { GraphRefusal } from '../../directory/graph-answer.ts'
import type { Graph } from '../../directory/graph-client.ts'
import { postponed, type Attempt, type Outcome } from '../notification.ts'
import type { NotificationStore } from '../notification-store.ts'
import type { Notify } from '../notifications.ts'
import type { SubmittedDossier } from '../submitted-dossier.ts'
import { columnValues, type ArchiveColumns } from './columns.ts'
import { driveItem, isSame, itemFields, itemPath, type DriveItem, type Fingerprint } from './drive-item.ts'
import { createQuickXorHash } from './quick-xor-hash.ts'
import type { UploadHost } from './upload-host.ts'
import { createUploadSession, uploadBySession, type UploadResult } from './upload-session.ts'

/** Bytes up to which one request takes the whole file; beyond, Graph wants an upload session. */
const SIMPLE_BYTES = 4 * 1024 * 1024

export interface ArchiveSettings {
  readonly driveId: string
  /** `a/b`, made when it is not there; empty: the library's root. */
  readonly folder: string
  readonly columns: ArchiveColumns
}

interface Deps {
  readonly graph: Graph
  readonly host: UploadHost
  readonly documents: Pick<DocumentStore, 'read'>
  readonly store: NotificationStore
  readonly settings: ArchiveSettings
}

type Stored = { readonly ok: true; readonly item: DriveItem } | GraphRefusal

/** The foundation's own copy of a dossier, in its SharePoint library: one file by its number, and columns beside it. */
export function createArchive({ graph, host, documents, store, settings }: Deps): Notify {
  async function find(path: string): Promise<DriveItem | undefined> {
    const answer = await graph({ method: 'get', path, query: { $select: itemFields } })
    return answer.ok ? driveItem.safeParse(answer.body).data : undefined
  }

  async function fingerprint({ documentId, size }: SubmittedDossier): Promise<Fingerprint> {
    const hash = createQuickXorHash()
    for await (const piece of documents.read(documentId)) hash.update(piece)
    return { size, quickXorHash: hash.digest() }
  }

  async function putWhole(path: string, { documentId }: SubmittedDossier): Promise<Stored> {
    const pieces: Uint8Array[] = []
    for await (const piece of documents.read(documentId)) pieces.push(piece)
    const headers = { 'Content-Type': 'application/pdf' }
    const answer = await graph({ method: 'put', path: `${path}:/content`, headers, body: Buffer.concat(pieces) })
    return answer.ok ? { ok: true, item: driveItem.parse(answer.body) } : answer
  }

  async function upload(url: string, { documentId, size }: SubmittedDossier): Promise<UploadResult> {
    return await uploadBySession(host, { url, size, read: () => documents.read(documentId) })
  }

  /** @returns undefined when that session leads nowhere: it is gone, or is given up since it is refused */
  async function resume(url: string, dossier: SubmittedDossier): Promise<Stored | undefined> {
    const result = await upload(url, dossier)
    if ('lapsed' in result) return undefined
    if (result.ok || result.reason === 'throttled' || result.reason === 'unavailable') return result
    await host.cancel(url)
    return undefined
  }

  async function putInRanges(path: string, dossier: SubmittedDossier, attempt: Attempt): Promise<Stored> {
    const resumed = attempt.uploadUrl ? await resume(attempt.uploadUrl, dossier) : undefined
    if (resumed) return resumed
    const session = await createUploadSession(graph, path)
    if (!session.ok) return session
    // Kept before the first byte, so that a try after a crash goes on instead of leaving a second session.
    await store.keepUpload(attempt, session.url)
    const result = await upload(session.url, dossier)
    return 'lapsed' in result ? { ok: false, reason: 'unavailable', code: 'session-lapsed' } : result
  }

  async function put(path: string, dossier: SubmittedDossier, attempt: Attempt): Promise<Stored> {
    return dossier.size <= SIMPLE_BYTES ? await putWhole(path, dossier) : await putInRanges(path, dossier, attempt)
  }

  async function describe(item: DriveItem, dossier: SubmittedDossier): Promise<Outcome> {
    const body = columnValues(settings.columns, dossier)
    if (Object.keys(body).length === 0) return { state: 'done', externalId: item.id }
    const path = `/drives/${encodeURIComponent(settings.driveId)}/items/${encodeURIComponent(item.id)}/listItem/fields`
    const answer = await graph({ method: 'patch', path, body })
    return answer.ok ? { state: 'done', externalId: item.id } : postponed(answer)
  }

  return async function archive(dossier, attempt) {
    const path = itemPath(settings, dossier)
    const expected = await fingerprint(dossier)
    // An earlier try may have come through without our hearing of it.
    const known = attempt.number > 1 ? await find(path) : undefined
    if (known && isSame(known, expected)) return await describe(known, dossier)
    const stored = await put(path, dossier, attempt)
    if (!stored.ok) return postponed(stored)
    if (isSame(stored.item, expected)) return await describe(stored.item, dossier)
    return { state: 'pending', reason: 'archived-otherwise', cause: 'refused' }
  }
}
