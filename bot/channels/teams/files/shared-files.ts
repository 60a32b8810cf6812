import { lookup } from 'node:dns/promises'
import { z } from 'zod'
import { sharedContentSchema, type Attachment, type FileContent } from '../../../../services/conversations/activity.ts'
import type { DueTurn } from '../../../../services/conversations/due-turn.ts'
import { replaceIncoming } from '../../../../services/conversations/incoming-bodies.ts'
import type { DocumentStore } from '../../../../services/documents/document-store.ts'
import { MAX_DOCUMENT_BYTES } from '../../../../services/documents/limits.ts'
import { nextStep } from '../../../../services/drafts/draft.ts'
import { AppError } from '../../../../services/errors.ts'
import type { Keyring } from '../../../../services/keys/keyring.ts'
import { open, seal } from '../../../../services/keys/seal.ts'
import type { Log } from '../../../../services/log.ts'
import type { Database } from '../../../../services/storage/database.ts'
import { cleanFileName } from '../../directline/file-name.ts'
import { createFileDownload, type DownloadLimits } from './file-download.ts'
import { createFileHosts } from './file-hosts.ts'
import type { Resolve } from './pinned-lookup.ts'

export interface SharedFilesDeps {
  readonly database: Database
  readonly documents: Pick<DocumentStore, 'receive'>
  readonly keyring: Keyring
  /** `host` or `host:port`, `*.` allowed: where files may be fetched. */
  readonly fileHosts: readonly string[]
  /** False: nothing is fetched, whatever is shared. */
  readonly takesFiles: boolean
  readonly resolve?: Resolve
  readonly limits?: DownloadLimits
  readonly log: Log
}

/** As Teams says it of what came with a message. */
export interface TeamsAttachment {
  readonly contentType: string
  readonly name?: string | null | undefined
  readonly content?: unknown
}

export interface SharedFiles {
  /** What is kept of what came with a message; undefined when there was no file. */
  take(conversationId: string, attachments: readonly TeamsAttachment[]): Attachment | undefined
  /**
   * Fetches the file that a turn begins with, where it is asked for, and stores in its place what became of it: after that
   * nothing leads to it any more. Whatever goes wrong with the file is part of the turn.
   */
  fetch(turn: DueTurn): Promise<DueTurn>
  /** Forgets it unfetched. */
  forget(turn: Pick<DueTurn, 'activity'>): Promise<void>
}

const SHARED = 'application/vnd.microsoft.teams.file.download.info'
const downloadInfo = z.object({ downloadUrl: z.string().min(1) })
type Shared = z.infer<typeof sharedContentSchema>

const resolveByDns: Resolve = hostname => lookup(hostname, { all: true })

/** Members' files in Teams, which lie in their OneDrive: the channel only says where. */
export function createSharedFiles(deps: SharedFilesDeps): SharedFiles {
  const { database, keyring, takesFiles, limits, log, resolve = resolveByDns } = deps
  const hosts = createFileHosts(deps.fileHosts)
  const download = createFileDownload({ hosts, resolve, ...(limits && { limits }) })
  const sealing = { keyring, purpose: 'download' } as const

  function contentOf(conversationId: string, { contentType, content }: TeamsAttachment): FileContent | Shared {
    if (!takesFiles) return { refused: 'elsewhere' }
    if (contentType !== SHARED) return { refused: 'image' }
    const shared = downloadInfo.safeParse(content).data
    if (!shared) return { refused: 'unreachable' }
    return { shared: seal(sealing, Buffer.from(shared.downloadUrl, 'utf8'), conversationId).toString('base64url') }
  }

  async function receive(turn: DueTurn, { shared, name }: { shared: string; name: string }): Promise<FileContent> {
    const { draft, activity, conversation } = turn
    if (!draft || nextStep(draft) !== 'document') return { refused: 'unexpected' }
    const address = open(sealing, Buffer.from(shared, 'base64url'), activity.conversationId).toString('utf8')
    const opened = await download(address)
    if (!opened.ok) {
      log.info('teams.file-failed', { conversation: conversation.id, reason: opened.reason, code: opened.code })
      return { refused: opened.reason }
    }
    const owner = { dossierId: draft.id, memberId: draft.memberId, name }
    try {
      const received = await deps.documents.receive(owner, opened.bytes, MAX_DOCUMENT_BYTES)
      const { size } = received
      return received.received ? { document: received.id, size } : { refused: received.reason, size }
    } catch (error) {
      if (!opened.isBroken()) throw error
      log.info('teams.file-failed', { conversation: conversation.id, reason: 'unreachable', code: 'broken-off' })
      return { refused: 'unreachable' }
    }
  }

  async function become(turn: DueTurn, content: FileContent): Promise<DueTurn> {
    const [attachment] = turn.activity.body.attachments ?? []
    if (!attachment) return turn
    const body = { ...turn.activity.body, attachments: [{ ...attachment, content }] }
    await replaceIncoming(database, turn.activity, body)
    return { ...turn, activity: { ...turn.activity, body } }
  }

  return {
    take(conversationId, attachments) {
      const files = attachments.filter(({ contentType }) => contentType === SHARED)
      const [file] =
        files.length > 0 ? files : attachments.filter(({ contentType }) => contentType.startsWith('image/'))
      if (!file) return undefined
      const content =
        files.length > 1 && takesFiles
          ? { refused: 'multiple' as const, count: files.length }
          : contentOf(conversationId, file)
      return { contentType: 'application/octet-stream', name: cleanFileName(file.name ?? undefined), content }
    },
    async fetch(turn) {
      const file = sharedIn(turn)
      if (!file) return turn
      try {
        return await become(turn, await receive(turn, file))
      } catch (error) {
        // While the database is away the turn is tried again, and needs the address.
        const isAway = error instanceof AppError && ['database.unreachable', 'storage.full'].includes(error.code)
        if (!isAway) await become(turn, { refused: 'unreachable' })
        throw error
      }
    },
    async forget({ activity }) {
      if (!sharedIn({ activity })) return
      const { attachments: _, ...body } = activity.body
      await replaceIncoming(database, activity, body)
    },
  }
}

function sharedIn({ activity }: Pick<DueTurn, 'activity'>): { shared: string; name: string } | undefined {
  const [attachment] = activity.body.attachments ?? []
  const content = sharedContentSchema.safeParse(attachment?.content).data
  return content && { ...content, name: attachment?.name ?? '' }
}
