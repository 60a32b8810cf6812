import { randomBytes, randomUUID } from 'node:crypto'
import { createDocumentStore } from '../../../services/documents/document-store.ts'
import { keyedHash } from '../../../services/keys/keyed-hash.ts'
import { createKeyring, type Keyring } from '../../../services/keys/keyring.ts'
import { seal } from '../../../services/keys/seal.ts'
import type { Database } from '../../../services/storage/database.ts'

const newKey = (id: string) => `${id}:${randomBytes(32).toString('base64')}`
const oldKey = newKey('old')
const currentKey = newKey('new')
/** Before a rotation, in its midst, and after it. */
export const secretKeys = { before: oldKey, during: `${currentKey},${oldKey}`, after: currentKey }

/** Of valid form; each is another. */
export const ribOf = (number: number): string => {
  const account = `190170${String(number).padStart(16, '0')}`
  return `${account}${String(97n - ((BigInt(account) * 100n) % 97n)).padStart(2, '0')}`
}

/** Members with a RIB under the keyring's current key. @returns their ids */
export async function addMembers(database: Database, keyring: Keyring, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => randomUUID())
  const ribs = ids.map((id, number) => seal({ keyring, purpose: 'rib' }, Buffer.from(ribOf(number), 'latin1'), id))
  await database.query(
    `insert into member (id, ppr, name, rib_sealed) select id, 'p' || id::text, 'x', rib from unnest($1::uuid[], $2::bytea[]) as m (id, rib)`,
    [ids, ribs],
  )
  return ids
}

/** One of each thing that is sealed: a dossier with its file, an upload in hand, a draft with a confirmed RIB, one whose RIB has changed. */
export async function addDossier(database: Database, keyring: Keyring, file: Uint8Array) {
  const [memberId = '', changedId = ''] = await addMembers(database, keyring, 2)
  const documents = createDocumentStore({ database, keyring, now: () => new Date(), newId: randomUUID })
  const dossierId = randomUUID()
  const received = await documents.receive(
    { dossierId, memberId, name: 'x.pdf' },
    (async function* () {
      yield file
    })(),
    file.length,
  )
  if (!received.received) throw new Error('the file was not received')
  const sealed = (purpose: 'rib' | 'upload', text: string) =>
    seal({ keyring, purpose }, Buffer.from(text, 'latin1'), dossierId)
  await database.query(
    `insert into dossier (id, number, member_id, beneficiary, motif, document_id, rib_sealed, consent_version,
       consent_language, consent_at, language, channel, submitted_at)
     values ($1, $2, $3, 'member', 'oncology', $4, $5, '1', 'fr', now(), 'fr', 'webchat', now())`,
    [dossierId, dossierId, memberId, received.id, sealed('rib', ribOf(0))],
  )
  await database.query(
    `insert into notification (dossier_id, kind, upload_sealed, created_at, updated_at) values ($1, 'archive', $2, now(), now())`,
    [dossierId, sealed('upload', 'https://upload.example/1')],
  )
  for (const [id, number] of [
    [memberId, 0],
    [changedId, 9],
  ] as const)
    await database.query(
      `insert into draft (id, member_id, rib_hash, language, channel) values ($1, $2, $3, 'fr', 'webchat')`,
      [randomUUID(), id, keyedHash(keyring, 'rib-hash', ribOf(number))],
    )
  return { memberId, dossierId, documentId: received.id }
}

export const keyringOf = (when: keyof typeof secretKeys): Keyring => createKeyring(secretKeys[when])
