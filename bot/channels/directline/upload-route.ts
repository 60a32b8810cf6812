import type { IncomingMessage } from 'node:http'
import type { Attachment, FileContent } from '../../../services/conversations/activity.ts'
import type { QuotaReason } from '../../../services/documents/quota.ts'
import type { Queryable } from '../../../services/storage/database.ts'
import { refusal } from './answer.ts'
import type { Answer } from './answer.ts'
import type { OwnConversation, OwnerHandler } from './access.ts'
import { taken } from './activity-routes.ts'
import { readInbound, saysNothing } from './inbound.ts'
import type { Said } from './inbound.ts'
import type { Intake } from './intake.ts'
import { readActivityJson } from './json-body.ts'
import { FILE_LIMIT, UPLOAD_LIMIT } from './limits.ts'
import { isMultipart, readForm } from './upload-form.ts'
import type { Form, UploadedFile } from './upload-form.ts'
import { startUpload } from './upload-start.ts'
import type { UploadStartParts } from './upload-start.ts'

/** What this channel needs of the document store. */
export interface ReceivedDocuments {
  receive(
    document: {
      readonly dossierId: string
      readonly memberId: string
      readonly name: string
      readonly expected?: number
    },
    bytes: AsyncIterable<Uint8Array>,
    limitBytes: number,
  ): Promise<Received>
  discard(queryable: Queryable, id: string): Promise<unknown>
}

export type Received =
  | { readonly received: true; readonly id: string; readonly size: number }
  | { readonly received: false; readonly reason: 'tooLarge' | 'empty' | QuotaReason; readonly size: number }

export interface UploadParts extends UploadStartParts {
  readonly intake: Intake
  readonly documents: ReceivedDocuments
  readonly database: Queryable
}

/**
 * `POST …/upload`: the activity and its file, which is sealed while it comes. A file that cannot be taken is read to its
 * end and told to the assistant as refused, so that the member gets a sentence and not a failed request.
 */
export function upload(parts: UploadParts): OwnerHandler {
  return async ({ request }, own) => {
    if (!isMultipart(request.headers['content-type'])) return refusal('request.unsupportedType')
    if (declaredLength(request) > UPLOAD_LIMIT) return tooLarge
    const start = await startUpload(parts, own)
    return start.may ? takeForm(parts, own, { request, dossierId: start.dossierId }) : start.answer
  }
}

// The rest is not worth reading.
const tooLarge = refusal('request.tooLarge', { connection: 'close' })

const declaredLength = ({ headers }: IncomingMessage) => Number(headers['content-length'] ?? 0)

interface Arriving {
  readonly request: IncomingMessage
  /** Of the open request that waits for its document. */
  readonly dossierId: string | undefined
}

async function takeForm(parts: UploadParts, own: OwnConversation, { request, dossierId }: Arriving): Promise<Answer> {
  const { memberId } = own.bearer
  const length = declaredLength(request)
  const expected = length > 0 ? { expected: length } : {}
  const read = await readForm<Received | undefined>(request, async (name, bytes) =>
    dossierId === undefined
      ? undefined
      : parts.documents.receive({ dossierId, memberId, name, ...expected }, bytes, FILE_LIMIT),
  )
  if (!read.ok) {
    await giveUp(parts, read.kept)
    return read.refused === 'request.tooLarge' ? tooLarge : refusal(read.refused)
  }
  const kept = read.form.files.map(file => file.kept)
  // Where this throws nobody knows whether it was stored, and with it what it refers to: the nightly sweep does, a day later.
  const { answer, stored } = await takeActivity(parts.intake, own, read.form)
  if (!stored || kept.length > 1) await giveUp(parts, kept)
  return answer
}

async function giveUp({ documents, database }: UploadParts, kept: readonly (Received | undefined)[]): Promise<void> {
  for (const file of kept) if (file?.received) await documents.discard(database, file.id)
}

async function takeActivity(intake: Intake, { conversationId }: OwnConversation, form: Form<Received | undefined>) {
  const said = readSaid(form)
  if ('status' in said) return { answer: said, stored: false }
  const body = { ...said.body, ...(form.files.length > 0 && { attachments: form.files.map(attachmentOf) }) }
  const outcome = await intake.take(conversationId, { ...said, body })
  return { answer: taken(conversationId, outcome), stored: outcome.taken === 'new' }
}

function readSaid({ activity, files }: Form<Received | undefined>): Said | Answer {
  const parsed = activity.length === 0 ? { ok: true as const, value: { type: 'message' } } : readActivityJson(activity)
  if (!parsed.ok) return refusal(parsed.refused)
  const inbound = readInbound(parsed.value)
  if (!inbound.ok) return refusal(inbound.refused)
  if (!inbound.said) return refusal('activity.unsupported')
  return files.length === 0 && saysNothing(inbound.said) ? refusal('activity.empty') : inbound.said
}

function attachmentOf(file: UploadedFile<Received | undefined>, _: number, files: readonly unknown[]): Attachment {
  return { contentType: file.contentType, name: file.name, content: contentOf(file, files.length) }
}

function contentOf({ kept, size }: UploadedFile<Received | undefined>, count: number): FileContent {
  if (count > 1) return { refused: 'multiple', size, count }
  if (kept === undefined) return { refused: 'unexpected', size }
  return kept.received ? { document: kept.id, size: kept.size } : { refused: kept.reason, size }
}
