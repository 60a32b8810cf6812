import { AppError } from '../errors.ts'
import type { Keyring } from '../keys/keyring.ts'
import type { Database, Queryable, Transaction } from '../storage/database.ts'
import { loadChunk } from './chunk-rows.ts'
import { createIntake, type Receive } from './document-intake.ts'
import { documentRow, type DocumentRow, type StoredDocument } from './document-row.ts'
import { createQuota, type Quota } from './quota.ts'
import { assertSize, CHUNK_BYTES, createDocumentSealing } from './document-sealing.ts'

export interface DocumentStore {
  /**
   * Takes a file in as it comes: sealed chunk by chunk, never plain on a disk. Reads at most a little beyond the limit
   * of bytes. Nothing is kept of a file that is refused, or whose stream breaks off, which is thrown on.
   */
  readonly receive: Receive
  find(id: string): Promise<StoredDocument | undefined>
  /**
   * Its bytes, from the beginning each time that they are iterated.
   * @throws {AppError} while it is read: `sealed.broken`, `key.unknown`; `invariant` when it is not there whole
   */
  read(id: string): AsyncIterable<Uint8Array>
  /** @throws {AppError} `invariant` when it is not there whole */
  accept(tx: Transaction, id: string, found: { readonly pages: number }): Promise<void>
  discard(queryable: Queryable, id: string): Promise<void>
  /** Removes what came in before `olderThan` and belongs to no draft and no dossier. @returns how many */
  sweep(olderThan: Date): Promise<number>
}

interface Deps {
  readonly database: Database
  readonly keyring: Keyring
  readonly now: () => Date
  readonly newId: () => string
  /** Of what a member may send; the usual one unless given. */
  readonly quota?: Quota | undefined
}

export function createDocumentStore({
  database,
  keyring,
  now,
  newId,
  quota = createQuota({ database, now }),
}: Deps): DocumentStore {
  const sealing = createDocumentSealing(keyring)

  async function* read(id: string): AsyncGenerator<Uint8Array> {
    const found = await loadDocument(database, id)
    if (!found || found.document.state === 'receiving') throw new AppError('invariant', 'a document is not there whole')
    const { document, wrappedKey } = found
    const cipher = sealing.reopen({ dossierId: document.dossierId, documentId: id }, wrappedKey)
    const count = Math.ceil(document.size / CHUNK_BYTES)
    let size = 0
    for (let number = 0; number < count; number++) {
      const plain = cipher.open({ number, isLast: number === count - 1 }, await loadChunk(database, id, number))
      size += plain.length
      yield plain
    }
    assertSize(document.size, size)
  }

  return {
    receive: createIntake({ database, sealing, quota, now, newId, discard: id => remove(database, id) }),
    find: async id => (await loadDocument(database, id))?.document,
    read: id => ({ [Symbol.asyncIterator]: () => read(id) }),
    async accept(tx, id, { pages }) {
      const set = `update document set state = 'accepted', pages = $2 where id = $1 and state <> 'receiving'`
      const { count } = await tx.query(set, [id, pages])
      if (count !== 1) throw new AppError('invariant', 'a document to be accepted is not there whole')
    },
    discard: remove,
    sweep: olderThan => removeOrphans(database, olderThan),
  }
}

async function loadDocument(database: Queryable, id: string): Promise<DocumentRow | undefined> {
  const columns = 'id, dossier_id, member_id, state, name, size, pages, sha256, wrapped_key'
  const { rows } = await database.query(`select ${columns} from document where id = $1`, [id])
  return rows[0] && documentRow.parse(rows[0])
}

async function remove(queryable: Queryable, id: string): Promise<void> {
  await queryable.query('delete from document where id = $1', [id])
}

async function removeOrphans(database: Queryable, olderThan: Date): Promise<number> {
  const { count } = await database.query(
    `delete from document where created_at < $1
       and not exists (select from draft where draft.document_id = document.id)
       and not exists (select from dossier where dossier.document_id = document.id)`,
    [olderThan],
  )
  return count
}
