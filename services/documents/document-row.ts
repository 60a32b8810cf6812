import { z } from 'zod'

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

export interface DocumentRow {
  readonly document: StoredDocument
  readonly wrappedKey: Uint8Array
}

export const documentRow = z
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
  .transform(
    ({ dossier_id: dossierId, member_id: memberId, wrapped_key: wrappedKey, pages, sha256, ...same }): DocumentRow => {
      const known = { ...(pages !== null && { pages }), ...(sha256 && { sha256 }) }
      return { document: { ...same, dossierId, memberId, ...known }, wrappedKey }
    },
  )

export const pieceRow = z.object({ base64: z.string() }).transform(({ base64 }) => Buffer.from(base64, 'base64'))
