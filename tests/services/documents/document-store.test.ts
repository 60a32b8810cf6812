import assert from 'node:assert/strict'
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { createDocumentStore } from '../../../services/documents/document-store.ts'
import { MAX_DOCUMENT_BYTES } from '../../../services/documents/limits.ts'
import { createKeyring, generateSecretKey } from '../../../services/keys/keyring.ts'
import { AppError } from '../../../services/errors.ts'
import type { Database } from '../../../services/storage/database.ts'
import { openFreshDatabase, type FreshDatabase } from '../../support/fresh-database.ts'
import { allOf, pieces } from '../../support/pieces.ts'

const secret = generateSecretKey()
const keyring = createKeyring(secret)
const memberId = randomUUID()
let fresh: FreshDatabase
let clock = new Date('2026-11-24T09:00:00Z')

const storeWith = (keys = keyring) =>
  createDocumentStore({ database: fresh.database, keyring: keys, now: () => clock, newId: randomUUID })
const owner = () => ({ dossierId: randomUUID(), memberId, name: 'ordonnance.pdf' })

before(async () => {
  fresh = await openFreshDatabase()
  await fresh.database.query(`insert into member (id, ppr, name) values ($1, '1', 'Amina')`, [memberId])
})
after(() => fresh.close())

async function count(table: 'document' | 'document_chunk'): Promise<unknown> {
  return (await fresh.database.query(`select count(*)::int as n from ${table}`)).rows[0]?.['n']
}

/** The real database until so many calls were answered; the next one runs into its limit, and later ones hear nothing. */
function silentAfter(answered: number): Database {
  let calls = 0
  return {
    ...fresh.database,
    async query(sql, values) {
      calls++
      if (calls <= answered) return fresh.database.query(sql, values)
      if (calls === answered + 1) throw new AppError('database.unreachable', 'no answer in time')
      return new Promise(() => undefined)
    },
  }
}

async function received(plain: Buffer, store = storeWith()): Promise<string> {
  const receipt = await store.receive(owner(), pieces(plain), MAX_DOCUMENT_BYTES)
  assert.ok(receipt.received)
  return receipt.id
}

describe('a member who deposits a file', () => {
  it('gets the same bytes back, whatever the size and however they arrive', async () => {
    const store = storeWith()
    for (const size of [1, 256 * 1024 - 1, 256 * 1024, 256 * 1024 + 1, 3 * 256 * 1024]) {
      const plain = randomBytes(size)
      for (const pieceBytes of [size, 65_536, 1447]) {
        const receipt = await store.receive(owner(), pieces(plain, pieceBytes), size)
        assert.ok(receipt.received)
        assert.equal(receipt.size, size)
        assert.deepEqual(await allOf(store.read(receipt.id)), plain)
      }
    }
  })

  it('has its size and fingerprint on record, and its pages once it is accepted', async () => {
    const store = storeWith()
    const plain = randomBytes(1000)
    const id = await received(plain, store)
    const found = await store.find(id)
    assert.equal(found?.state, 'received')
    assert.deepEqual(found && { size: found.size, memberId: found.memberId, name: found.name, pages: found.pages }, {
      size: 1000,
      memberId,
      name: 'ordonnance.pdf',
      pages: undefined,
    })
    assert.deepEqual(Buffer.from(found?.sha256 ?? []), createHash('sha256').update(plain).digest())
    await fresh.database.transaction(tx => store.accept(tx, id, { pages: 3 }))
    assert.deepEqual([(await store.find(id))?.state, (await store.find(id))?.pages], ['accepted', 3])
  })

  it('may send exactly the limit and not a byte more, which ends the reading and leaves nothing', async () => {
    const store = storeWith()
    const exact = await store.receive(owner(), pieces(Buffer.alloc(MAX_DOCUMENT_BYTES, 7)), MAX_DOCUMENT_BYTES)
    assert.deepEqual({ ...exact, id: '' }, { received: true, id: '', size: MAX_DOCUMENT_BYTES })
    assert.equal((await allOf(store.read(exact.received ? exact.id : ''))).length, MAX_DOCUMENT_BYTES)
    if (exact.received) await store.discard(fresh.database, exact.id)

    const before = await count('document')
    const endless = pieces(Buffer.alloc(10 * MAX_DOCUMENT_BYTES, 7))
    const refused = await store.receive(owner(), endless, MAX_DOCUMENT_BYTES)
    assert.equal(!refused.received && refused.reason, 'tooLarge')
    assert.ok(refused.size <= MAX_DOCUMENT_BYTES + 1024 * 1024, `read ${refused.size} bytes`)
    assert.equal(await count('document'), before)
  })

  it('leaves nothing when the file is empty or the connection breaks', async () => {
    const store = storeWith()
    const before = [await count('document'), await count('document_chunk')]
    const empty = await store.receive(owner(), pieces(Buffer.alloc(0)), 100)
    assert.deepEqual(empty, { received: false, reason: 'empty', size: 0 })
    async function* breaking() {
      yield randomBytes(700 * 1024)
      throw new Error('connection lost')
    }
    await assert.rejects(store.receive(owner(), breaking(), MAX_DOCUMENT_BYTES), { message: 'connection lost' })
    assert.deepEqual([await count('document'), await count('document_chunk')], before)
  })

  it('is told at once when the database falls silent in the middle, and does not wait for what it would clear away', async () => {
    const database = silentAfter(3)
    const store = createDocumentStore({ database, keyring, now: () => clock, newId: randomUUID })
    const receiving = store.receive(owner(), pieces(randomBytes(4 * 256 * 1024)), MAX_DOCUMENT_BYTES)
    await assert.rejects(receiving, { code: 'database.unreachable' })
  })
})

describe('an operator', () => {
  it('who changes the key still reads old documents, and new ones use the new key', async () => {
    const plain = randomBytes(300 * 1024)
    const old = await received(plain)
    const rotated = storeWith(createKeyring(`${generateSecretKey()},${secret}`))
    assert.deepEqual(await allOf(rotated.read(old)), plain)
    const young = await received(plain, rotated)
    await assert.rejects(allOf(storeWith().read(young)), { code: 'key.unknown' })
  })

  it('has what nothing refers to removed after its time, and nothing else', async () => {
    const store = storeWith()
    await store.sweep(new Date('2100-01-01'))
    const [orphan, kept, submitted] = [
      await received(Buffer.from('a')),
      await received(Buffer.from('b')),
      await received(Buffer.from('c')),
    ]
    await referTo(kept, submitted)
    clock = new Date('2026-11-25T10:00:00Z')
    const young = await received(Buffer.from('d'))
    assert.equal(await store.sweep(new Date('2026-11-24T10:00:00Z')), 1)
    const there = await Promise.all([orphan, kept, submitted, young].map(async id => Boolean(await store.find(id))))
    assert.deepEqual(there, [false, true, true, true])
    assert.equal(await count('document_chunk'), 3)
  })

  it('has what a kill left half received removed, and nobody can read it before', async () => {
    const store = storeWith()
    async function* neverEnding() {
      yield randomBytes(700 * 1024)
      await new Promise(() => setTimeout(() => undefined, 1_000_000).unref())
    }
    const chunks = await count('document_chunk')
    void store.receive(owner(), neverEnding(), MAX_DOCUMENT_BYTES)
    while ((await count('document_chunk')) !== Number(chunks) + 2) await wait(5)
    const { rows } = await fresh.database.query(`select id from document where state = 'receiving'`)
    const id = String(rows[0]?.['id'])
    await assert.rejects(allOf(store.read(id)), { code: 'invariant' })
    await assert.rejects(
      fresh.database.transaction(tx => store.accept(tx, id, { pages: 1 })),
      { code: 'invariant' },
    )
    await store.sweep(new Date('2100-01-01'))
    assert.equal(await store.find(id), undefined)
  })
})

async function referTo(drafted: string, submitted: string): Promise<void> {
  await fresh.database.query(
    `insert into draft (id, member_id, document_id, language, channel) values ($1, $2, $3, 'fr', 'webchat')`,
    [randomUUID(), memberId, drafted],
  )
  await fresh.database.query(
    `insert into dossier (id, number, member_id, beneficiary, motif, document_id, rib_sealed, consent_version,
       consent_language, consent_at, language, channel, submitted_at)
     values ($1, 'AES-2026-000001', $2, 'member', 'oncology', $3, '', '1', 'fr', now(), 'fr', 'webchat', now())`,
    [randomUUID(), memberId, submitted],
  )
}
