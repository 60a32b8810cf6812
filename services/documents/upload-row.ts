import { z } from 'zod'
import { activityBodySchema, type ActivityBody } from '../conversations/activity.ts'
import type { DocumentOwner } from './document-row.ts'

/** Whose upload it is: nobody else sees it, goes on with it or ends it. */
export interface UploadOwner {
  readonly memberId: string
  readonly conversationId: string
}

export interface AnnouncedFile extends UploadOwner {
  readonly name: string
  /** Bytes of the whole file. */
  readonly size: number
  /** SHA-256 of its first MiB, as its sender says: the same file picked again goes on where it was cut. */
  readonly head?: Uint8Array | undefined
  readonly clientId?: string | undefined
  /** What comes in with its last byte; the file is attached then. */
  readonly body: ActivityBody
}

export type NewUpload = AnnouncedFile & DocumentOwner

/** A file of which the first `received` bytes are stored. */
export interface Upload extends UploadOwner {
  /** Of the document that it becomes. */
  readonly id: string
  readonly dossierId: string
  readonly name: string
  readonly size: number
  readonly received: number
  readonly wrappedKey: Uint8Array
  readonly clientId?: string
  readonly body: ActivityBody
  /** Of the activity that brought the file into the conversation. */
  readonly position?: number
  readonly createdAt: Date
}

export const uploadRow = z
  .object({
    document_id: z.string(),
    dossier_id: z.string(),
    member_id: z.string(),
    conversation_id: z.string(),
    name: z.string(),
    size: z.number(),
    received: z.number(),
    wrapped_key: z.instanceof(Uint8Array),
    client_id: z.string().nullable(),
    activity: z.string().transform(text => activityBodySchema.parse(JSON.parse(text))),
    position: z.number().nullable(),
    created_at: z.date(),
  })
  .transform((row): Upload => ({
    id: row.document_id,
    dossierId: row.dossier_id,
    memberId: row.member_id,
    conversationId: row.conversation_id,
    name: row.name,
    size: row.size,
    received: row.received,
    wrappedKey: row.wrapped_key,
    body: row.activity,
    createdAt: row.created_at,
    ...(row.client_id !== null && { clientId: row.client_id }),
    ...(row.position !== null && { position: row.position }),
  }))
