import type { KeyPurpose } from '../keys/keyring.ts'

/** Where values lie that one key closes, and what each was sealed for. */
export interface SealedKind {
  readonly name: 'member' | 'dossier' | 'document' | 'upload'
  readonly table: string
  readonly column: string
  readonly purpose: KeyPurpose
  /** SQL, unique in its table. */
  readonly key: string
  /** SQL, what the value belongs to: the associated data. */
  readonly associated: string
  /** SQL, its age. */
  readonly at: string
  /** SQL, what else says which key it is. */
  readonly alsoSet?: string
}

/**
 * Everything under a master key that outlives a day. A document's bytes are under a key of its own, of which the wrapping
 * alone is made anew. Tokens, links, cached answers and addresses of shared files end by themselves before that.
 */
export const sealedKinds: readonly SealedKind[] = [
  {
    name: 'member',
    table: 'member',
    column: 'rib_sealed',
    purpose: 'rib',
    key: 'id::text',
    associated: 'id::text',
    at: 'created_at',
  },
  {
    name: 'dossier',
    table: 'dossier',
    column: 'rib_sealed',
    purpose: 'rib',
    key: 'id::text',
    associated: 'id::text',
    at: 'submitted_at',
  },
  {
    name: 'document',
    table: 'document',
    column: 'wrapped_key',
    purpose: 'document',
    key: 'id::text',
    associated: `dossier_id::text || '/' || id::text`,
    at: 'created_at',
    alsoSet: 'key_id',
  },
  {
    name: 'upload',
    table: 'notification',
    column: 'upload_sealed',
    purpose: 'upload',
    key: `dossier_id::text || '/' || kind`,
    associated: 'dossier_id::text',
    at: 'created_at',
  },
]
