import { createSecretKey, randomBytes } from 'node:crypto'
import { AppError } from '../errors.ts'
import type { Keyring } from '../keys/keyring.ts'
import { decrypt, encrypt, open, seal } from '../keys/seal.ts'

/** 256 KiB of the plain file in each chunk but the last. */
export const CHUNK_BYTES = 256 * 1024

/** What a document belongs to; it opens as nothing else. */
export interface DocumentPlace {
  readonly dossierId: string
  readonly documentId: string
}

export interface ChunkPlace {
  readonly number: number
  readonly isLast: boolean
}

/** Seals and opens the chunks of one document. */
export interface DocumentCipher {
  seal(chunk: ChunkPlace, plain: Uint8Array): Buffer
  /** @throws {AppError} `sealed.broken` when the chunk is damaged, or from another place, document or dossier */
  open(chunk: ChunkPlace, sealed: Uint8Array): Buffer
}

export interface NewDocumentCipher extends DocumentCipher {
  /** Id of the master key that closes `wrappedKey`. */
  readonly keyId: string
  readonly wrappedKey: Buffer
}

export interface DocumentSealing {
  /** A key of its own for each document, kept beside it, closed by the current master key. */
  create(place: DocumentPlace): NewDocumentCipher
  /** @throws {AppError} `sealed.broken`, `key.unknown` */
  reopen(place: DocumentPlace, wrappedKey: Uint8Array): DocumentCipher
}

export function createDocumentSealing(keyring: Keyring): DocumentSealing {
  const master = { keyring, purpose: 'document' } as const
  return {
    create(place) {
      const key = randomBytes(32)
      const { id: keyId } = keyring.current('document')
      return { keyId, wrappedKey: seal(master, key, nameOf(place)), ...cipherOf(key, place) }
    },
    reopen: (place, wrappedKey) => cipherOf(open(master, wrappedKey, nameOf(place)), place),
  }
}

/**
 * Each chunk says of itself where it stands and whether more follow: chunks that were swapped, repeated or left out, at
 * the end too, do not open.
 */
function cipherOf(bytes: Uint8Array, place: DocumentPlace): DocumentCipher {
  const key = createSecretKey(bytes)
  const associated = ({ number, isLast }: ChunkPlace) =>
    Buffer.from(`${nameOf(place)}/${number}/${isLast ? 'last' : 'more'}`, 'utf8')
  return {
    seal: (chunk, plain) => encrypt(key, plain, associated(chunk)),
    open: (chunk, sealed) => decrypt(key, sealed, associated(chunk)),
  }
}

const nameOf = ({ dossierId, documentId }: DocumentPlace) => `${dossierId}/${documentId}`

/** Cuts a stream into chunks of {@link CHUNK_BYTES}. An empty stream gives none. */
export async function* splitIntoChunks(bytes: AsyncIterable<Uint8Array>) {
  let pieces: Uint8Array[] = []
  let size = 0
  let number = 0
  for await (const piece of bytes) {
    pieces.push(piece)
    size += piece.length
    if (size <= CHUNK_BYTES) continue
    // A chunk leaves only when there is something after it: whether it is the last must be known.
    let held = Buffer.concat(pieces)
    for (; held.length > CHUNK_BYTES; held = held.subarray(CHUNK_BYTES))
      yield { number: number++, isLast: false, plain: held.subarray(0, CHUNK_BYTES) }
    pieces = [held]
    size = held.length
  }
  if (size > 0) yield { number, isLast: true, plain: Buffer.concat(pieces) }
}

/** @throws {AppError} `sealed.broken` when the size that is on record and what was read differ */
export function assertSize(expected: number, actual: number): void {
  if (expected !== actual)
    throw new AppError('sealed.broken', `${actual} bytes were read where ${expected} are on record`)
}
