import assert from 'node:assert/strict'
import { chmodSync } from 'node:fs'
import { randomBytes, randomUUID } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { createKeyring, generateSecretKey } from '../../../services/keys/keyring.ts'
import { createServices } from '../../../services/services.ts'
import type { Database } from '../../../services/storage/database.ts'
import { migrate } from '../../../services/storage/migrate.ts'
import { openPostgresDatabase } from '../../../services/storage/postgres/postgres-database.ts'
import { createRefusedSpace } from '../../../services/storage/postgres/refused-space.ts'
import { pieces } from '../../support/pieces.ts'
import { startPrivatePostgres, type PrivatePostgres } from '../../support/private-postgres.ts'
import { silentLog } from '../../support/silent-log.ts'
import { mountSmallDisk, type SmallDisk } from '../../support/small-disk.ts'

const MB = 1024 * 1024

describe('a member writes while the disk of PostgreSQL is full', { timeout: 120_000 }, () => {
  let postgres: PrivatePostgres
  let disk: SmallDisk
  let database: Database
  const lines: string[] = []
  const clock = { ahead: 0 }
  const write = (event: string) => void lines.push(event)
  const refused = createRefusedSpace({ info: write, warn: write, error: write }, () => performance.now() + clock.ahead)

  before(async () => {
    disk = mountSmallDisk(80)
    chmodSync(disk.path, 0o777)
    postgres = await startPrivatePostgres()
    const databaseUrl = await postgres.newDatabase()
    const admin = openPostgresDatabase({ databaseUrl, log: silentLog, connections: 1 })
    // Made by the server's own account, which must own it.
    await admin.query(`copy (select 1) to program 'mkdir -m 700 ${disk.path}/space'`)
    await admin.query(`create tablespace small location '${disk.path}/space'`)
    await admin.query(`alter database ${new URL(databaseUrl).pathname.slice(1)} set default_tablespace = small`)
    await admin.close()
    database = refused.noting(openPostgresDatabase({ databaseUrl, log: silentLog }))
    await migrate(database, { log: silentLog })
  })
  after(async () => {
    await database?.close()
    await postgres?.close()
    disk?.close()
  })

  it('is refused in a way that has it sent again, can read, and goes on by itself', async () => {
    const keyring = createKeyring(generateSecretKey())
    const { space } = refused
    const services = createServices({ database, keyring, now: () => new Date(), newId: randomUUID, space })
    const memberId = randomUUID()
    await database.query("insert into member (id, ppr, name) values ($1, '1', 'Amina')", [memberId])
    const id = randomUUID()
    await services.conversations.create({ id, channel: 'webchat', memberId, language: 'fr' })
    const acknowledged: string[] = []
    const send = async (text: string) => {
      await services.conversations.takeIn(id, { body: { type: 'message', text } })
      acknowledged.push(text)
    }
    const receive = () =>
      services.documents.receive({ dossierId: randomUUID(), memberId, name: 'a.pdf' }, pieces(randomBytes(MB)), MB)
    await send('avant')
    disk.fill(0)
    const full = { code: 'storage.full' }
    await assert.rejects(async () => {
      for (let number = 0; number < 10_000; number++) await send(`mot ${number} ${'x'.repeat(3000)}`)
    }, full)
    await assert.rejects(send('pendant'), full)
    assert.equal(space.state(), 'full')
    assert.deepEqual(await receive(), { received: false, reason: 'noSpace', size: 0 })
    const kept = async () => (await services.conversations.latest(id, 20_000)).map(({ body }) => body.text)
    assert.deepEqual(await kept(), acknowledged)
    assert.deepEqual(lines, ['storage.full'])

    disk.empty()
    clock.ahead += 10_000
    await send('après')
    assert.deepEqual(await kept(), acknowledged)
    assert.equal(space.state(), 'ample')
    assert.ok((await receive()).received)
    assert.deepEqual(lines, ['storage.full', 'storage.ample'])
  })
})
