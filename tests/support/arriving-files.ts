import type { ActivityBody, FileContent } from '../../services/conversations/activity.ts'
import { MAX_DOCUMENT_BYTES } from '../../services/documents/limits.ts'
import type { Services } from '../../services/services.ts'
import { pieces } from './pieces.ts'

export interface ArrivingFile {
  readonly name: string
  readonly bytes: Uint8Array
}

/** Takes files in as the upload route does, which keeps none that nobody asked for. */
export async function arrive(
  { drafts, documents }: Services,
  memberId: string,
  files: readonly ArrivingFile[],
): Promise<ActivityBody> {
  const draft = await drafts.stepOf(memberId)
  async function contentOf({ name, bytes }: ArrivingFile): Promise<FileContent> {
    const size = bytes.length
    if (files.length > 1) return { refused: 'multiple', size, count: files.length }
    if (draft?.step !== 'document') return { refused: 'unexpected', size }
    const owner = { dossierId: draft.id, memberId, name, expected: size }
    const received = await documents.receive(owner, pieces(bytes), MAX_DOCUMENT_BYTES)
    return received.received ? { document: received.id, size } : { refused: received.reason, size: received.size }
  }
  const attachments = await Promise.all(
    files.map(async file => ({ contentType: 'application/pdf', name: file.name, content: await contentOf(file) })),
  )
  return { type: 'message', attachments }
}
