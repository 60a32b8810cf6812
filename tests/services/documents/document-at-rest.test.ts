import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { CHUNK_BYTES } from '../../../services/documents/document-sealing.ts'
import { createDocumentStore, type DocumentStore } from '../../../services/documents/document-store.ts'
import { createKeyring, generateSecretKey } from '../../../services/keys/keyring.ts'
import { openFreshDatabase, type FreshDatabase } from '../../support/fresh-database.ts'
import { allOf, pieces } from '../../support/pieces.ts'

const memberId = randomUUID()
const dossierId = randomUUID()
const secret = generateSecretKey()
let fresh: FreshDatabase
let store: DocumentStore

before(async () => {
  fresh = await openFreshDatabase()
  const keyring = createKeyring(secret)
  store = createDocumentStore({ database: fresh.database, keyring, now: () => new Date(), newId: randomUUID })
  await fresh.database.query(`insert into member (id, ppr, name) values ($1, '1', 'Amina')`, [memberId])
})
after(() => fresh.close())

async function received(plain: Buffer, dossier = dossierId): Promise<string> {
  const owner = { dossierId: dossier, memberId, name: 'ordonnance.pdf' }
  const receipt = await store.receive(owner, pieces(plain), 10_000_000)
  assert.ok(receipt.received)
  return receipt.id
}

describe('somebody who gets at the disk', () => {
  it('finds nothing of a document, in no row and in no file', async () => {
    const known = ['Oncologie médicale', 'chimiothérapie', 'علاج كيميائي', 'CARTE-AB123456', '%PDF-1.7']
    const id = await received(
      Buffer.concat([Buffer.from(known.join('\n')), randomBytes(CHUNK_BYTES), Buffer.from(known.join('\n'))]),
    )
    const { rows } = await fresh.database.query('select sealed from document_chunk where document_id = $1', [id])
    const { rows: documents } = await fresh.database.query('select * from document where id = $1', [id])
    const kept = Buffer.concat(rows.map(row => Buffer.from(row['sealed'] as Uint8Array)))
    assert.ok(kept.length > CHUNK_BYTES)
    // Whatever the database writes, to its log too, is on the disk after a checkpoint.
    await fresh.database.query('checkpoint')
    const files = await readdir(fresh.dataDir, { recursive: true, withFileTypes: true })
    const onDisk = files.filter(file => file.isFile()).map(file => join(file.parentPath, file.name))
    for (const text of [...known, secret]) {
      assert.equal(kept.includes(text), false)
      assert.equal(JSON.stringify(documents).includes(text), false)
      for (const path of onDisk) assert.equal((await readFile(path)).includes(text), false, `${text} in ${path}`)
    }
  })

  it('cannot change a bit of it, anywhere, without being found out', async () => {
    const id = await received(randomBytes(CHUNK_BYTES + 1000))
    const positions = [0, 11, 12, 500, -17, -16, -1]
    for (const number of [0, 1])
      for (const position of positions) {
        await change(id, number, sealed => (sealed[sealed.length * Number(position < 0) + position]! ^= 1))
        await assert.rejects(allOf(store.read(id)), { code: 'sealed.broken' }, `chunk ${number}, byte ${position}`)
        await change(id, number, sealed => (sealed[sealed.length * Number(position < 0) + position]! ^= 1))
      }
    await assert.doesNotReject(allOf(store.read(id)))
  })

  it('cannot change its key, or give it another dossier', async () => {
    const id = await received(randomBytes(1000))
    const attempts = [
      `set wrapped_key = set_byte(wrapped_key, 40, get_byte(wrapped_key, 40) # 1)`,
      `set wrapped_key = ''`,
      `set dossier_id = '${randomUUID()}'`,
    ]
    for (const attempt of attempts) {
      const { rows } = await fresh.database.query('select dossier_id, wrapped_key from document where id = $1', [id])
      await fresh.database.query(`update document ${attempt} where id = $1`, [id])
      await assert.rejects(allOf(store.read(id)), { code: 'sealed.broken' }, attempt)
      const back = 'update document set dossier_id = $2, wrapped_key = $3 where id = $1'
      await fresh.database.query(back, [id, rows[0]?.['dossier_id'], rows[0]?.['wrapped_key']])
    }
    await assert.doesNotReject(allOf(store.read(id)))
  })

  const swaps: Record<string, string> = {
    'swap its parts': `update document_chunk set number = case number when 0 then -1 else 0 end where document_id = $1 and number < 2;
      update document_chunk set number = 1 where document_id = $1 and number = -1`,
    'repeat a part': `update document_chunk set sealed = (select sealed from document_chunk where document_id = $1 and number = 0)
      where document_id = $1 and number = 1`,
    'leave out the end': `delete from document_chunk where document_id = $1 and number = 2;
      update document set size = ${2 * CHUNK_BYTES} where id = $1`,
    'leave out a part of the end': `update document set size = size - 1 where id = $1`,
    'leave out the beginning': `delete from document_chunk where document_id = $1 and number = 0;
      update document_chunk set number = number - 1 where document_id = $1; update document set size = size - ${CHUNK_BYTES} where id = $1`,
    'take a part away': `delete from document_chunk where document_id = $1 and number = 1`,
  }
  for (const [name, statements] of Object.entries(swaps))
    it(`cannot ${name}`, async () => {
      const id = await received(randomBytes(2 * CHUNK_BYTES + 1000))
      for (const statement of statements.split(';')) await fresh.database.query(statement, [id])
      await assert.rejects(allOf(store.read(id)), { code: 'sealed.broken' })
    })

  it('cannot put the document of one dossier into another, or one document in place of another', async () => {
    const plain = randomBytes(1000)
    for (const dossier of [dossierId, randomUUID()]) {
      const [one, other] = [await received(plain), await received(plain, dossier)]
      const chunks = `update document_chunk mine set sealed = theirs.sealed from document_chunk theirs
        where mine.document_id = $1 and theirs.document_id = $2`
      await fresh.database.query(chunks, [one, other])
      await assert.rejects(allOf(store.read(one)), { code: 'sealed.broken' })
      const keys = `update document mine set wrapped_key = theirs.wrapped_key from document theirs
        where mine.id = $1 and theirs.id = $2`
      await fresh.database.query(keys, [one, other])
      await assert.rejects(allOf(store.read(one)), { code: 'sealed.broken' })
    }
  })
})

async function change(id: string, number: number, edit: (sealed: Buffer) => void): Promise<void> {
  const where = 'where document_id = $1 and number = $2'
  const { rows } = await fresh.database.query(`select sealed from document_chunk ${where}`, [id, number])
  const sealed = Buffer.from(rows[0]?.['sealed'] as Uint8Array)
  edit(sealed)
  await fresh.database.query(`update document_chunk set sealed = $3 ${where}`, [id, number, sealed])
}
