import { AppError } from '../errors.ts'
import type { Database } from '../storage/database.ts'
import type { DocumentOwner } from './document-row.ts'
import { splitIntoChunks, type DocumentCipher, type DocumentSealing } from './document-sealing.ts'
import { measure } from './measured-bytes.ts'
import type { Quota, QuotaReason } from './quota.ts'

export type Receipt =
  | { readonly received: true; readonly id: string; readonly size: number }
  | { readonly received: false; readonly reason: 'tooLarge' | 'empty' | QuotaReason; readonly size: number }

/** `expected`: bytes that its sender announces, for the quota; else as many as may come. */
type Arriving = DocumentOwner & { readonly expected?: number }
export type Receive = (owner: Arriving, bytes: AsyncIterable<Uint8Array>, limitBytes: number) => Promise<Receipt>

interface Deps {
  readonly database: Database
  readonly sealing: DocumentSealing
  readonly discard: (id: string) => Promise<void>
  readonly quota: Pick<Quota, 'admit'>
  readonly now: () => Date
  readonly newId: () => string
}

const isAway = (error: unknown): boolean =>
  error instanceof AppError && ['database.unreachable', 'storage.full'].includes(error.code)

/** What is in flight is told apart from what was left: well within the two minutes of the quota. */
const TOUCH_MS = 30_000

/** The way in: each chunk is a statement of its own, so that no upload holds a transaction open. */
export function createIntake({ database, sealing, discard, quota, now, newId }: Deps): Receive {
  /** Its size, until it is known, is what may come: that much is set aside. */
  async function begin(id: string, owner: DocumentOwner, size: number): Promise<DocumentCipher | QuotaReason> {
    const { dossierId, memberId, name } = owner
    const cipher = sealing.create({ dossierId, documentId: id })
    return await database.transaction(async tx => {
      const refusal = await quota.admit(tx, { memberId, dossierId, size })
      if (refusal) return refusal
      await tx.query(
        `insert into document (id, dossier_id, member_id, state, name, size, key_id, wrapped_key, created_at, active_at)
         values ($1, $2, $3, 'receiving', $4, $5, $6, $7, $8, $8)`,
        [id, dossierId, memberId, name, size, cipher.keyId, cipher.wrappedKey, now()],
      )
      return cipher
    })
  }

  async function storeChunks(id: string, cipher: DocumentCipher, bytes: AsyncIterable<Uint8Array>): Promise<void> {
    const insert = 'insert into document_chunk (document_id, number, sealed) values ($1, $2, $3)'
    let touched = now().getTime()
    for await (const { plain, ...place } of splitIntoChunks(bytes)) {
      await database.query(insert, [id, place.number, cipher.seal(place, plain)])
      if (now().getTime() - touched < TOUCH_MS) continue
      touched = now().getTime()
      await database.query('update document set active_at = $2 where id = $1', [id, now()])
    }
  }

  async function finish(id: string, size: number, sha256: Buffer): Promise<void> {
    const set = `update document set state = 'received', size = $2, sha256 = $3 where id = $1`
    const { count } = await database.query(set, [id, size, sha256])
    if (count !== 1) throw new AppError('invariant', 'a document was removed while it came in')
  }

  return async function receive(owner, bytes, limitBytes) {
    const id = newId()
    const measured = measure(bytes, limitBytes)
    const begun = await begin(id, owner, Math.min(owner.expected ?? limitBytes, limitBytes))
    if (typeof begun === 'string') return { received: false, reason: begun, size: 0 }
    try {
      await storeChunks(id, begun, measured.bytes)
      const { size } = measured
      if (size > 0 && size <= limitBytes) {
        await finish(id, size, measured.sha256())
        return { received: true, id, size }
      }
      await discard(id)
      return { received: false, reason: size === 0 ? 'empty' : 'tooLarge', size }
    } catch (error) {
      // When even this fails, the sweep will find it.
      const discarded = discard(id).catch(() => undefined)
      // Where the database is away, whoever waits for this error has waited long enough.
      if (!isAway(error)) await discarded
      throw error
    }
  }
}
