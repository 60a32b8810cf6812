import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { createDocumentStore } from '../../../services/documents/document-store.ts'
import { MAX_DOCUMENT_BYTES } from '../../../services/documents/limits.ts'
import { createQuota, defaultLimits } from '../../../services/documents/quota.ts'
import { createKeyring, generateSecretKey } from '../../../services/keys/keyring.ts'
import type { Database } from '../../../services/storage/database.ts'
import { migrate } from '../../../services/storage/migrate.ts'
import { openPostgresDatabase } from '../../../services/storage/postgres/postgres-database.ts'
import { openFreshDatabase } from '../../support/fresh-database.ts'
import { pieces } from '../../support/pieces.ts'
import { startPrivatePostgres } from '../../support/private-postgres.ts'
import { silentLog } from '../../support/silent-log.ts'

interface Backend {
  /** Of two instances; one and the same where there can be but one. */
  readonly databases: readonly [Database, Database]
  close(): Promise<void>
}

async function embedded(): Promise<Backend> {
  const fresh = await openFreshDatabase()
  return { databases: [fresh.database, fresh.database], close: () => fresh.close() }
}

async function served(): Promise<Backend> {
  const postgres = await startPrivatePostgres()
  const databaseUrl = await postgres.newDatabase()
  const first = openPostgresDatabase({ databaseUrl, log: silentLog })
  const second = openPostgresDatabase({ databaseUrl, log: silentLog })
  await migrate(first, { log: silentLog })
  return {
    databases: [first, second],
    close: async () => {
      await Promise.all([first.close(), second.close()])
      await postgres.close()
    },
  }
}

const MB = 1024 * 1024
const keyring = createKeyring(generateSecretKey())

for (const [name, open] of [
  ['the embedded database', embedded],
  ['two instances over PostgreSQL', served],
] as const)
  describe(`a member sends more than is meant for one, on ${name}`, { timeout: 180_000 }, () => {
    let backend: Backend
    let clock = new Date('2026-11-24T09:00:00Z')
    before(async () => void (backend = await open()))
    after(() => backend.close())

    const later = (hours: number) => void (clock = new Date(clock.getTime() + hours * 3_600_000))
    const storeOn = (database: Database, limits = defaultLimits) => {
      const now = () => clock
      const quota = createQuota({ database, limits, now })
      return createDocumentStore({ database, keyring, now, newId: randomUUID, quota })
    }
    async function newMember(): Promise<string> {
      const id = randomUUID()
      await backend.databases[0].query('insert into member (id, ppr, name) values ($1, $2, $3)', [id, id, 'Amina'])
      return id
    }
    const rows = async (sql: string, values: readonly unknown[]) => (await backend.databases[0].query(sql, values)).rows

    /** A file whose last byte comes when it is told to. */
    function slow(onBegun: () => void): { bytes: AsyncIterable<Uint8Array>; end: () => void } {
      const { promise, resolve } = Promise.withResolvers<void>()
      async function* bytes() {
        onBegun()
        yield new Uint8Array(1000)
        await promise
        yield new Uint8Array(1000)
      }
      return { bytes: bytes(), end: resolve }
    }

    it('ten files at once: three are taken, and the others are told', async () => {
      const memberId = await newMember()
      const stores = backend.databases.map(database => storeOn(database))
      let decided = 0
      const onDecided = () => ++decided === 10 && files.forEach(({ end }) => end())
      const files = Array.from({ length: 10 }, () => slow(onDecided))
      const sent = files.map(async ({ bytes }, index) => {
        const store = stores[index % 2]
        assert.ok(store)
        const owner = { dossierId: randomUUID(), memberId, name: 'a.pdf', expected: 2000 }
        const receipt = await store.receive(owner, bytes, MAX_DOCUMENT_BYTES)
        if (!receipt.received) onDecided()
        return receipt.received ? 'received' : receipt.reason
      })
      const outcomes = await Promise.all(sent)
      assert.deepEqual(outcomes.toSorted(), [...Array(3).fill('received'), ...Array(7).fill('tooManyAtOnce')])
      const kept = await rows('select state, size from document where member_id = $1', [memberId])
      assert.deepEqual(
        kept,
        Array.from({ length: 3 }, () => ({ state: 'received', size: 2000 })),
      )
    })

    it('and one that nobody sends any more keeps no other waiting', async () => {
      const memberId = await newMember()
      const store = storeOn(backend.databases[0])
      const insert = `insert into document (id, dossier_id, member_id, state, name, key_id, wrapped_key, created_at, active_at)
        values ($1, $1, $2, 'receiving', 'a.pdf', 'k', '', $3, $3)`
      for (let left = 0; left < 3; left++) await backend.databases[0].query(insert, [randomUUID(), memberId, clock])
      const send = () =>
        store.receive({ dossierId: randomUUID(), memberId, name: 'b.pdf' }, pieces(Buffer.from('b')), MB)
      assert.equal((await send()).received, false)
      later(0.05)
      assert.equal((await send()).received, true)
    })

    it('100 MB: what does not fit is refused until something is let go, or replaced', async () => {
      const memberId = await newMember()
      const limits = { ...defaultLimits, bytesKept: 10_000 }
      const store = storeOn(backend.databases[0], limits)
      const send = (size: number, dossierId: string = randomUUID()) =>
        store.receive(
          { dossierId, memberId, name: 'a.pdf', expected: size },
          pieces(Buffer.alloc(size, 1)),
          MAX_DOCUMENT_BYTES,
        )
      const first = await send(6_000)
      assert.ok(first.received)
      assert.deepEqual(await send(4_001), { received: false, reason: 'tooMuchKept', size: 0 })
      assert.ok((await send(4_000)).received)
      assert.equal((await send(1)).received, false)
      await store.discard(backend.databases[0], first.id)
      assert.ok((await send(6_000)).received)
      // The document of the open request goes when this one is taken in its place.
      const draft = randomUUID()
      await backend.databases[0].query(
        `insert into draft (id, member_id, document_id, language, channel) select $1, $2, id, 'fr', 'webchat'
         from document where member_id = $2 and size = 6000`,
        [draft, memberId],
      )
      assert.equal((await send(6_000)).received, false)
      assert.ok((await send(6_000, draft)).received)
    })

    it('60 files a day: counted whatever became of them, and a day later no more', async () => {
      const memberId = await newMember()
      const store = storeOn(backend.databases[1], { ...defaultLimits, filesADay: 4 })
      const send = () =>
        store.receive({ dossierId: randomUUID(), memberId, name: 'a.pdf' }, pieces(Buffer.from('a')), MB)
      for (let file = 0; file < 4; file++) {
        const sent = await send()
        assert.ok(sent.received)
        await store.discard(backend.databases[0], sent.id)
      }
      assert.deepEqual(await send(), { received: false, reason: 'tooManyToday', size: 0 })
      later(24)
      assert.ok((await send()).received)
    })
  })
