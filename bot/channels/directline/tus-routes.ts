import type { IncomingMessage } from 'node:http'
import type { ConversationStore } from '../../../services/conversations/conversation-store.ts'
import type { Attachment, FileContent } from '../../../services/conversations/activity.ts'
import type { Upload } from '../../../services/documents/upload-row.ts'
import type { UploadStore } from '../../../services/documents/upload-store.ts'
import type { OwnConversation, OwnerHandler } from './access.ts'
import { json, refusal } from './answer.ts'
import type { Answer, Headers } from './answer.ts'
import { activityId } from './delivery.ts'
import type { Exchange } from './exchange.ts'
import { readInbound } from './inbound.ts'
import type { Said } from './inbound.ts'
import type { Intake, Turns } from './intake.ts'
import { FILE_LIMIT, UPLOAD_LIFETIME, pieceLimit } from './limits.ts'
import { TUS_VERSION, isOurVersion, methodOf, numberIn, readMetadata } from './tus-headers.ts'
import type { FileMetadata } from './tus-headers.ts'
import { startUpload } from './upload-start.ts'
import type { UploadStartParts } from './upload-start.ts'

export interface TusParts extends UploadStartParts {
  readonly intake: Intake
  readonly uploads: UploadStore
  readonly conversations: Pick<ConversationStore, 'takeInWithin'>
  readonly turns: Turns
}

const uuidShape = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** For `OPTIONS …/uploads`. */
export const tusOptions: Headers = {
  'tus-resumable': TUS_VERSION,
  'tus-version': TUS_VERSION,
  'tus-extension': 'creation,termination,expiration',
  'tus-max-size': String(FILE_LIMIT),
}

/**
 * `POST …/uploads`: announces a file with what is said to it. The answer names its address, and in `Upload-Offset` how
 * much of the same file is there already. A file that cannot be taken is told to the assistant as refused, as with
 * `POST …/upload`: the answer, 200, then has the activity's id and no address.
 */
export function createUpload(parts: TusParts): OwnerHandler {
  return tus(async ({ request }, own) => {
    const size = numberIn(request, 'upload-length')
    const metadata = readMetadata(request)
    if (size === undefined || !metadata) return refusal('request.malformed')
    const inbound = readInbound(metadata.activity)
    if (!inbound.ok) return refusal(inbound.refused)
    if (!inbound.said) return refusal('activity.unsupported')
    return announce(parts, own, { size, metadata, said: inbound.said })
  })
}

interface Announced {
  readonly size: number
  readonly metadata: FileMetadata
  readonly said: Said
}

async function announce(parts: TusParts, own: OwnConversation, { size, metadata, said }: Announced): Promise<Answer> {
  const { conversationId, bearer } = own
  const { name, head } = metadata
  const file = { ...said, memberId: bearer.memberId, conversationId, name, size, head }
  const same = await parts.uploads.findSame(file)
  if (same) return created(await parts.uploads.resume(same, file))
  const start = await startUpload(parts, own)
  if (!start.may) return start.answer
  if (start.dossierId === undefined) return refuse(parts, own, { said, name, content: { refused: 'unexpected', size } })
  if (size === 0) return refuse(parts, own, { said, name, content: { refused: 'empty', size } })
  if (size > FILE_LIMIT) return refuse(parts, own, { said, name, content: { refused: 'tooLarge', size } })
  const begun = await parts.uploads.begin({ ...file, dossierId: start.dossierId })
  return typeof begun === 'string'
    ? refuse(parts, own, { said, name, content: { refused: begun, size } })
    : created(begun)
}

interface Refused {
  readonly said: Said
  readonly name: string
  readonly content: FileContent
}

async function refuse({ intake }: TusParts, { conversationId }: OwnConversation, { said, name, content }: Refused) {
  const taken = await intake.take(conversationId, {
    ...said,
    body: { ...said.body, attachments: [fileOf(name, content)] },
  })
  return taken.taken === 'closed' ? refusal('notFound') : json(200, { id: activityId(conversationId, taken.position) })
}

const fileOf = (name: string, content: FileContent): Attachment => ({ contentType: 'application/pdf', name, content })

const created = (upload: Upload): Answer => ({
  status: 201,
  headers: {
    location: `/v3/directline/conversations/${encodeURIComponent(upload.conversationId)}/uploads/${upload.id}`,
    ...stateOf(upload),
  },
})

/** `Activity-Id`: of the message that the whole file has become. */
const stateOf = ({ conversationId, received, size, position, createdAt }: Upload): Headers => ({
  'upload-offset': String(received),
  'upload-length': String(size),
  'upload-expires': new Date(createdAt.getTime() + UPLOAD_LIFETIME).toUTCString(),
  ...(position !== undefined && { 'activity-id': activityId(conversationId, position) }),
})

type UploadHandler = (exchange: Exchange, own: OwnConversation, upload: Upload) => Promise<Answer>

/** `HEAD`, `PATCH` and `DELETE …/uploads/:uploadId`. Somebody else's upload and one that never was are the same. */
export function ownUpload(parts: TusParts): OwnerHandler {
  const handlers: Readonly<Record<string, UploadHandler>> = {
    HEAD: async (_, __, upload) => ({ status: 200, headers: stateOf(upload) }),
    DELETE: async (_, __, upload) => {
      await parts.uploads.end(upload)
      return { status: 204 }
    },
    PATCH: (exchange, own, upload) => append(parts, { exchange, own, upload }),
  }
  return tus(async (exchange, own) => {
    const handler = handlers[methodOf(exchange.request)]
    const { uploadId = '' } = exchange.params
    const owner = { memberId: own.bearer.memberId, conversationId: own.conversationId }
    const upload = uuidShape.test(uploadId) ? await parts.uploads.find(uploadId, owner) : undefined
    return handler && upload ? handler(exchange, own, upload) : refusal('notFound')
  })
}

interface Appending {
  readonly exchange: Exchange
  readonly own: OwnConversation
  readonly upload: Upload
}

async function append(parts: TusParts, { exchange: { request }, own, upload }: Appending): Promise<Answer> {
  if (request.headers['content-type'] !== 'application/offset+octet-stream') return refusal('request.unsupportedType')
  const offset = numberIn(request, 'upload-offset')
  if (offset === undefined) return refusal('request.malformed')
  if (offset !== upload.received) return refusal('upload.overtaken', stateOf(upload))
  if (offset + Number(request.headers['content-length'] ?? 0) > upload.size) return tooLarge
  const limited = await parts.intake.overLimit(own, pieceLimit)
  if (limited) return limited
  if (upload.position !== undefined) return { status: 204, headers: stateOf(upload) }
  return appended(parts, upload, request)
}

// The rest is not worth reading.
const tooLarge = refusal('request.tooLarge', { connection: 'close' })

async function appended(parts: TusParts, upload: Upload, request: IncomingMessage): Promise<Answer> {
  const { conversationId, clientId, memberId } = upload
  const body = { ...upload.body, attachments: [fileOf(upload.name, { document: upload.id, size: upload.size })] }
  const stored = await parts.uploads.append(upload, untilCut(request), async tx => {
    const taken = await parts.conversations.takeInWithin(tx, conversationId, { clientId, body })
    return taken.taken === 'closed' ? undefined : taken.position
  })
  if (stored.outcome === 'overtaken') return refusal('upload.overtaken')
  if (stored.outcome === 'tooLong') return tooLarge
  if (stored.outcome === 'unwanted') return refusal('notFound')
  if (stored.outcome === 'whole') parts.turns.wake(conversationId, memberId)
  const { outcome: _, ...reached } = stored
  return { status: 204, headers: stateOf({ ...upload, ...reached }) }
}

/** A line that breaks only ends the piece: what it brought is stored. */
async function* untilCut(request: IncomingMessage): AsyncGenerator<Uint8Array> {
  try {
    yield* request.iterator({ destroyOnReturn: false })
  } catch {
    // Nobody is there any more who could be told.
  }
}

/** Says in every answer which protocol it is, and refuses another version of it. */
const tus =
  (handler: OwnerHandler): OwnerHandler =>
  async (exchange, own) => {
    const answer = isOurVersion(exchange.request)
      ? await handler(exchange, own)
      : refusal('upload.version', { 'tus-version': TUS_VERSION })
    return { ...answer, headers: { ...answer.headers, 'tus-resumable': TUS_VERSION } }
  }
