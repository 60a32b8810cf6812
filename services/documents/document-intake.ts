import { AppError } from '../errors.ts'
import type { Database } from '../storage/database.ts'
import type { DocumentOwner } from './document-row.ts'
import { splitIntoChunks, type DocumentCipher, type DocumentSealing } from './document-sealing.ts'
import { measure } from './measured-bytes.ts'

export type Receipt =
  | { readonly received: true; readonly id: string; readonly size: number }
  | { readonly received: false; readonly reason: 'tooLarge' | 'empty'; readonly size: number }

export type Receive = (owner: DocumentOwner, bytes: AsyncIterable<Uint8Array>, limitBytes: number) => Promise<Receipt>

interface Deps {
  readonly database: Database
  readonly sealing: DocumentSealing
  readonly discard: (id: string) => Promise<void>
  readonly now: () => Date
  readonly newId: () => string
}

const isAway = (error: unknown): boolean => error instanceof AppError && error.code === 'database.unreachable'

/** The way in: each chunk is a statement of its own, so that no upload holds a transaction open. */
export function createIntake({ database, sealing, discard, now, newId }: Deps): Receive {
  async function begin(id: string, { dossierId, memberId, name }: DocumentOwner): Promise<DocumentCipher> {
    const cipher = sealing.create({ dossierId, documentId: id })
    await database.query(
      `insert into document (id, dossier_id, member_id, state, name, key_id, wrapped_key, created_at)
       values ($1, $2, $3, 'receiving', $4, $5, $6, $7)`,
      [id, dossierId, memberId, name, cipher.keyId, cipher.wrappedKey, now()],
    )
    return cipher
  }

  async function storeChunks(id: string, cipher: DocumentCipher, bytes: AsyncIterable<Uint8Array>): Promise<void> {
    const insert = 'insert into document_chunk (document_id, number, sealed) values ($1, $2, $3)'
    for await (const { plain, ...place } of splitIntoChunks(bytes))
      await database.query(insert, [id, place.number, cipher.seal(place, plain)])
  }

  async function finish(id: string, size: number, sha256: Buffer): Promise<void> {
    const set = `update document set state = 'received', size = $2, sha256 = $3 where id = $1`
    const { count } = await database.query(set, [id, size, sha256])
    if (count !== 1) throw new AppError('invariant', 'a document was removed while it came in')
  }

  return async function receive(owner, bytes, limitBytes) {
    const id = newId()
    const measured = measure(bytes, limitBytes)
    try {
      await storeChunks(id, await begin(id, owner), measured.bytes)
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
