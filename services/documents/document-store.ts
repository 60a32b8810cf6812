import { z } from 'zod'
import { AppError } from '../errors.ts'
import type { Keyring } from '../keys/keyring.ts'
import type { Database, Queryable, Transaction } from '../storage/database.ts'
import {
  assertSize,
  CHUNK_BYTES,
  createDocumentSealing,
  splitIntoChunks,
  type DocumentCipher,
} from './document-sealing.ts'
import { measure } from './measured-bytes.ts'

export interface DocumentOwner {
  /** The id that the draft and its dossier share. */
  readonly dossierId: string
  readonly memberId: string
  readonly name: string
}

/** `receiving`: bytes are still coming. `received`: whole, not checked yet. `accepted`: checked, and part of a draft. */
export interface StoredDocument extends DocumentOwner {
  readonly id: string
  readonly state: 'receiving' | 'received' | 'accepted'
  /** Bytes of the plain file. */
  readonly size: number
  readonly pages?: number
  /** Of the plain file. */
  readonly sha256?: Uint8Array
}

export type Receipt =
  | { readonly received: true; readonly id: string; readonly size: number }
  | { readonly received: false; readonly reason: 'tooLarge' | 'empty'; readonly size: number }

export interface DocumentStore {
  /**
   * Takes a file in as it comes: sealed chunk by chunk, never plain on a disk. Reads at most a little beyond
   * `limitBytes`. Nothing is kept of a file that is refused, or whose stream breaks off, which is thrown on.
   */
  receive(owner: DocumentOwner, bytes: AsyncIterable<Uint8Array>, limitBytes: number): Promise<Receipt>
  find(id: string): Promise<StoredDocument | undefined>
  /** @throws {AppError} while it is read: `sealed.broken`, `key.unknown`; `invariant` when it is not there whole */
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
}

const documentRow = z
  .object({
    id: z.string(),
    dossier_id: z.string(),
    member_id: z.string(),
    state: z.enum(['receiving', 'received', 'accepted']),
    name: z.string(),
    size: z.number(),
    pages: z.number().nullable(),
    sha256: z.instanceof(Uint8Array).nullable(),
    wrapped_key: z.instanceof(Uint8Array),
  })
  .transform(({ dossier_id: dossierId, member_id: memberId, wrapped_key: wrappedKey, pages, sha256, ...same }) => ({
    document: { ...same, dossierId, memberId, ...(pages !== null && { pages }), ...(sha256 && { sha256 }) },
    wrappedKey,
  }))
const chunkRow = z.object({ sealed: z.instanceof(Uint8Array) })

export function createDocumentStore({ database, keyring, now, newId }: Deps): DocumentStore {
  const sealing = createDocumentSealing(keyring)

  async function receive(owner: DocumentOwner, bytes: AsyncIterable<Uint8Array>, limitBytes: number): Promise<Receipt> {
    const id = newId()
    const cipher = await begin(id, owner)
    const measured = measure(bytes, limitBytes)
    try {
      await storeChunks(id, cipher, measured.bytes)
      const { size } = measured
      if (size > 0 && size <= limitBytes) {
        await finish(id, size, measured.sha256())
        return { received: true, id, size }
      }
      await discard(database, id)
      return { received: false, reason: size === 0 ? 'empty' : 'tooLarge', size }
    } catch (error) {
      // When even this fails, the sweep will find it.
      await discard(database, id).catch(() => undefined)
      throw error
    }
  }

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
    for await (const { plain, ...place } of splitIntoChunks(bytes))
      await database.query('insert into document_chunk (document_id, number, sealed) values ($1, $2, $3)', [
        id,
        place.number,
        cipher.seal(place, plain),
      ])
  }

  async function finish(id: string, size: number, sha256: Buffer): Promise<void> {
    const set = `update document set state = 'received', size = $2, sha256 = $3 where id = $1`
    const { count } = await database.query(set, [id, size, sha256])
    if (count !== 1) throw new AppError('invariant', 'a document was removed while it came in')
  }

  async function load(id: string) {
    const { rows } = await database.query(
      `select id, dossier_id, member_id, state, name, size, pages, sha256, wrapped_key from document where id = $1`,
      [id],
    )
    return rows[0] && documentRow.parse(rows[0])
  }

  async function* read(id: string): AsyncIterable<Uint8Array> {
    const found = await load(id)
    if (!found || found.document.state === 'receiving') throw new AppError('invariant', 'a document is not there whole')
    const { document, wrappedKey } = found
    const cipher = sealing.reopen({ dossierId: document.dossierId, documentId: id }, wrappedKey)
    const count = Math.ceil(document.size / CHUNK_BYTES)
    let size = 0
    for (let number = 0; number < count; number++) {
      const plain = cipher.open({ number, isLast: number === count - 1 }, await loadChunk(id, number))
      size += plain.length
      yield plain
    }
    assertSize(document.size, size)
  }

  async function loadChunk(id: string, number: number): Promise<Uint8Array> {
    const select = 'select sealed from document_chunk where document_id = $1 and number = $2'
    const { rows } = await database.query(select, [id, number])
    if (!rows[0]) throw new AppError('sealed.broken', `chunk ${number} of a document is missing`)
    return chunkRow.parse(rows[0]).sealed
  }

  async function discard(queryable: Queryable, id: string): Promise<void> {
    await queryable.query('delete from document where id = $1', [id])
  }

  return {
    receive,
    find: async id => (await load(id))?.document,
    read,
    async accept(tx, id, { pages }) {
      const set = `update document set state = 'accepted', pages = $2 where id = $1 and state <> 'receiving'`
      const { count } = await tx.query(set, [id, pages])
      if (count !== 1) throw new AppError('invariant', 'a document to be accepted is not there whole')
    },
    discard,
    async sweep(olderThan) {
      const { count } = await database.query(
        `delete from document where created_at < $1
           and not exists (select from draft where draft.document_id = document.id)
           and not exists (select from dossier where dossier.document_id = document.id)`,
        [olderThan],
      )
      return count
    },
  }
}
