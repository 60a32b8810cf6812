import { createHash } from 'node:crypto'
import type { Database, Transaction } from '../storage/database.ts'
import { loadChunk } from './chunk-rows.ts'
import { CHUNK_BYTES, type DocumentCipher, type DocumentSealing } from './document-sealing.ts'
import type { Upload } from './upload-row.ts'

export type Appended =
  /** `received`: bytes that are stored by now. */
  | { readonly outcome: 'more'; readonly received: number }
  /** The file is in its conversation. */
  | { readonly outcome: 'whole'; readonly received: number; readonly position: number }
  /** Another request has stored something meanwhile, or the upload is gone: nobody goes on from here. */
  | { readonly outcome: 'overtaken' }
  /** More bytes than the file was said to have; what it has room for is stored. */
  | { readonly outcome: 'tooLong' }
  /** Its conversation takes nothing any more. The last byte is not stored. */
  | { readonly outcome: 'unwanted' }

/**
 * Brings the whole file into its conversation, in the transaction that stores its last byte.
 * @returns its position there; undefined where nothing is taken
 */
export type WhenWhole = (tx: Transaction) => Promise<number | undefined>

/**
 * Stores bytes behind those that an upload has, chunk by chunk as they come; each is stored before the next is read.
 * Where `bytes` end early, as they must where the line breaks, what has come is kept.
 */
export type Append = (upload: Upload, bytes: AsyncIterable<Uint8Array>, whenWhole: WhenWhole) => Promise<Appended>

/** Moves the mark and stores the chunk, both or neither: of two requests from one place, one finds the mark moved. */
const store = `
with moved as (
  update upload set received = $4 where document_id = $1 and received = $3 and position is null returning document_id
), touched as (
  update document set active_at = $6 where id in (select document_id from moved)
)
insert into document_chunk (document_id, number, sealed) select document_id, $2, $5 from moved
on conflict (document_id, number) do update set sealed = excluded.sealed`

/** Undoes the transaction. */
const unwanted = new Error('the conversation takes nothing any more')

interface Deps {
  readonly database: Database
  readonly sealing: DocumentSealing
  readonly now: () => Date
}

export function createAppend(deps: Deps): Append {
  return async (upload, bytes, whenWhole) => {
    const writer = await openWriter(deps, upload, whenWhole)
    for await (const piece of bytes) {
      const outcome = await writer.add(piece)
      if (outcome) return outcome
    }
    return writer.flush()
  }
}

async function openWriter({ database, sealing, now }: Deps, upload: Upload, whenWhole: WhenWhole) {
  const { id, size } = upload
  const cipher = sealing.reopen({ dossierId: upload.dossierId, documentId: id }, upload.wrappedKey)
  let stored = upload.received
  let held = await heldChunk(database, cipher, upload)
  const hash = upload.received === 0 ? createHash('sha256') : undefined

  const chunkAt = (offset: number) => Math.floor(offset / CHUNK_BYTES)
  const lastChunk = chunkAt(size - 1)

  async function write(queryable: Pick<Database, 'query'>, plain: Buffer, number: number): Promise<boolean> {
    const end = number * CHUNK_BYTES + plain.length
    const sealed = cipher.seal({ number, isLast: end === size }, plain)
    const { count } = await queryable.query(store, [id, number, stored, end, sealed, now()])
    return count === 1
  }

  async function finish(plain: Buffer): Promise<Appended> {
    const sha256 = hash ? hash.digest() : await hashOf({ database, cipher, id, chunks: lastChunk, last: plain })
    let outcome: Appended = { outcome: 'unwanted' }
    await database
      .transaction(async tx => {
        if (!(await write(tx, plain, lastChunk))) return void (outcome = { outcome: 'overtaken' })
        const set = `update document set state = 'received', size = $2, sha256 = $3 where id = $1`
        await tx.query(set, [id, size, sha256])
        const position = await whenWhole(tx)
        if (position === undefined) throw unwanted
        await tx.query('update upload set position = $2 where document_id = $1', [id, position])
        outcome = { outcome: 'whole', received: size, position }
      })
      .catch((error: unknown) => {
        if (error !== unwanted) throw error
      })
    return outcome
  }

  /** Stores the chunks that are full, and the last one once it is all there. */
  async function add(piece: Uint8Array): Promise<Appended | undefined> {
    const number = chunkAt(stored)
    const room = size - number * CHUNK_BYTES - held.length
    const taken = piece.subarray(0, room)
    hash?.update(taken)
    held = Buffer.concat([held, taken])
    for (let next = number; held.length >= CHUNK_BYTES && next < lastChunk; next++) {
      if (!(await write(database, held.subarray(0, CHUNK_BYTES), next))) return { outcome: 'overtaken' }
      held = held.subarray(CHUNK_BYTES)
      stored = (next + 1) * CHUNK_BYTES
    }
    if (piece.length > room) return (await flush(), { outcome: 'tooLong' })
    const isWhole = chunkAt(stored) === lastChunk && lastChunk * CHUNK_BYTES + held.length === size
    return isWhole ? finish(held) : undefined
  }

  /** Stores what has come of a chunk that is not full. */
  async function flush(): Promise<Appended> {
    const number = chunkAt(stored)
    const end = number * CHUNK_BYTES + held.length
    if (end <= stored || end === size) return { outcome: 'more', received: stored }
    if (!(await write(database, held, number))) return { outcome: 'overtaken' }
    stored = end
    return { outcome: 'more', received: stored }
  }

  return { add, flush }
}

/** The beginning of the chunk in which an upload was cut. */
async function heldChunk(database: Database, cipher: DocumentCipher, { id, received }: Upload): Promise<Buffer> {
  if (received % CHUNK_BYTES === 0) return Buffer.alloc(0)
  const number = Math.floor(received / CHUNK_BYTES)
  const plain = cipher.open({ number, isLast: false }, await loadChunk(database, id, number))
  // Another request may have filled it meanwhile; this one is then told by the mark.
  return plain.subarray(0, received % CHUNK_BYTES)
}

interface Hashed {
  readonly database: Database
  readonly cipher: DocumentCipher
  readonly id: string
  /** How many are stored before the last. */
  readonly chunks: number
  readonly last: Uint8Array
}

/** Of a file that did not come in one request: nobody has seen all of it. */
async function hashOf({ database, cipher, id, chunks, last }: Hashed): Promise<Buffer> {
  const hash = createHash('sha256')
  for (let number = 0; number < chunks; number++)
    hash.update(cipher.open({ number, isLast: false }, await loadChunk(database, id, number)))
  return hash.update(last).digest()
}
