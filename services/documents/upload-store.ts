import { keyedHash } from '../keys/keyed-hash.ts'
import type { Keyring } from '../keys/keyring.ts'
import type { Database, Transaction } from '../storage/database.ts'
import { createDocumentSealing } from './document-sealing.ts'
import type { Quota, QuotaReason } from './quota.ts'
import { createAppend, type Append } from './upload-append.ts'
import { uploadRow, type AnnouncedFile, type NewUpload, type Upload, type UploadOwner } from './upload-row.ts'

export interface UploadStore {
  /** The member's upload of the same file for their open request: an unfinished one, or that of the same message. */
  findSame(asked: AnnouncedFile): Promise<Upload | undefined>
  /** @returns why a member may not send it, where their quota says so */
  begin(asked: NewUpload): Promise<Upload | QuotaReason>
  /** Goes on with one for another message: that one's words come in with its last byte. */
  resume(upload: Upload, asked: AnnouncedFile): Promise<Upload>
  /** @returns undefined for another member's, too */
  find(id: string, owner: UploadOwner): Promise<Upload | undefined>
  readonly append: Append
  /** Forgets an unfinished one with all that came of it. */
  end(upload: Upload): Promise<void>
  /** Forgets what is known of uploads that began before `olderThan`. Unfinished files go with their documents. */
  sweep(olderThan: Date): Promise<void>
}

export interface UploadStoreDeps {
  readonly database: Database
  readonly keyring: Keyring
  readonly quota: Pick<Quota, 'admit'>
  readonly now: () => Date
  readonly newId: () => string
}

const select = `select upload.*, document.dossier_id, document.name, document.wrapped_key
  from upload join document on document.id = upload.document_id`

/** Files that come in pieces. The row says how far each has come, so any instance can take the next piece. */
export function createUploadStore({ database, keyring, quota, now, newId }: UploadStoreDeps): UploadStore {
  const sealing = createDocumentSealing(keyring)

  /** With the member and the size in it, so that equal hashes say nothing of other members' files. */
  function hashOf({ memberId, size, head }: AnnouncedFile): Buffer | null {
    return head ? keyedHash(keyring, 'file-head', `${memberId}/${size}/${Buffer.from(head).toString('base64')}`) : null
  }

  async function first(rest: string, values: readonly unknown[]): Promise<Upload | undefined> {
    const { rows } = await database.query(`${select} where ${rest}`, values)
    return rows[0] && uploadRow.parse(rows[0])
  }

  async function insert(tx: Transaction, id: string, asked: NewUpload): Promise<Upload | QuotaReason> {
    const { dossierId, memberId, conversationId, name, size, clientId, body } = asked
    const refusal = await quota.admit(tx, { memberId, dossierId, size })
    if (refusal) return refusal
    const cipher = sealing.create({ dossierId, documentId: id })
    const createdAt = now()
    await tx.query(
      `insert into document (id, dossier_id, member_id, state, name, size, key_id, wrapped_key, created_at, active_at)
       values ($1, $2, $3, 'receiving', $4, $5, $6, $7, $8, $8)`,
      [id, dossierId, memberId, name, size, cipher.keyId, cipher.wrappedKey, createdAt],
    )
    await tx.query(
      `insert into upload (document_id, member_id, conversation_id, size, head_hash, client_id, activity, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [id, memberId, conversationId, size, hashOf(asked), clientId ?? null, JSON.stringify(body), createdAt],
    )
    const { wrappedKey } = cipher
    const known = { id, dossierId, memberId, conversationId, name, size, body, wrappedKey, received: 0, createdAt }
    return clientId === undefined ? known : { ...known, clientId }
  }

  return {
    async findSame(asked) {
      const { memberId, conversationId, size, clientId } = asked
      return first(
        `upload.member_id = $1 and upload.conversation_id = $2 and upload.size = $3
           and (upload.client_id = $4 or (upload.position is null and upload.head_hash = $5))
           and exists (select from draft where draft.id = document.dossier_id)
         order by upload.created_at desc limit 1`,
        [memberId, conversationId, size, clientId ?? null, hashOf(asked)],
      )
    },
    begin: asked => database.transaction(tx => insert(tx, newId(), asked)),
    async resume(upload, { clientId, body }) {
      if (upload.position !== undefined) return upload
      const set = 'update upload set client_id = $2, activity = $3 where document_id = $1 and position is null'
      await database.query(set, [upload.id, clientId ?? null, JSON.stringify(body)])
      const { clientId: _, ...same } = upload
      return { ...same, body, ...(clientId !== undefined && { clientId }) }
    },
    find: (id, { memberId, conversationId }) =>
      first('upload.document_id = $1 and upload.member_id = $2 and upload.conversation_id = $3', [
        id,
        memberId,
        conversationId,
      ]),
    append: createAppend({ database, sealing, now }),
    async end({ id }) {
      // What has come into the conversation is a file by now, and no upload.
      const unfinished = `state = 'receiving' and id in (select document_id from upload where position is null)`
      await database.query(`delete from document where id = $1 and ${unfinished}`, [id])
    },
    async sweep(olderThan) {
      await database.query('delete from upload where position is not null and created_at < $1', [olderThan])
    },
  }
}
