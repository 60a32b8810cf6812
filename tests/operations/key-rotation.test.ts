import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { reachRunningServer } from '../../bot/operator/operator-client.ts'
import { verifyBase } from '../../services/backup/verify-base.ts'
import { createDocumentStore } from '../../services/documents/document-store.ts'
import { keyedHashMatches } from '../../services/keys/keyed-hash.ts'
import { open, sealedHeader } from '../../services/keys/seal.ts'
import { createKeyRotation } from '../../services/rotation/key-rotation.ts'
import type { Database } from '../../services/storage/database.ts'
import { migrate } from '../../services/storage/migrate.ts'
import { openPostgresDatabase } from '../../services/storage/postgres/postgres-database.ts'
import { lookInto } from '../faults/support/base.ts'
import { describeColumns, type Place } from '../services/storage/support/columns.ts'
import { copyTemplate } from '../support/fresh-database.ts'
import { startServer } from '../support/server-process.ts'
import { silentLog } from '../support/silent-log.ts'
import { addDossier, addMembers, keyringOf, ribOf, secretKeys } from './support/sealed-base.ts'
import { openTwoStores, type TwoStores } from './support/two-stores.ts'
import { filledServiceFile } from '../support/service-facts.ts'

const file = randomBytes(600_000)
const nothing = { member: 0, dossier: 0, document: 0, upload: 0, draft: 0 }

const verify = (database: Database, when: keyof typeof secretKeys) => {
  const keyring = keyringOf(when)
  const documents = createDocumentStore({ database, keyring, now: () => new Date(), newId: randomUUID })
  return verifyBase({ database, documents, keyring })
}
const rotationOf = (database: Database) => createKeyRotation({ database, keyring: keyringOf('during') })

/** How many RIBs of members are under the current key. */
async function renewed(database: Database): Promise<number> {
  const header = sealedHeader('new')
  const sql = 'select 1 from member where substring(rib_sealed from 1 for $1) = $2'
  return (await database.query(sql, [header.length, header])).rows.length
}

describeColumns('an operator who changes the key', column => {
  let place: Place
  let database: Database
  let ids: Awaited<ReturnType<typeof addDossier>>
  before(async () => {
    place = await column.newPlace()
    database = (await place.open()).database
    await migrate(database, { log: silentLog })
    ids = await addDossier(database, keyringOf('before'), file)
    await addMembers(database, keyringOf('before'), 250)
  })
  after(() => place.remove())

  it('is told what still needs the old one, when nothing could be sealed anew', async () => {
    const untouched = createKeyRotation({ database, keyring: keyringOf('after') })
    const report = await untouched.reseal()
    assert.deepEqual(report, { renewed: nothing, unreadable: 255, inUse: [{ key: 'old', count: 255 }] })
  })

  it('has everything sealed under the new one, once, by two runs at the same time', async () => {
    const [one, other] = await Promise.all([rotationOf(database).reseal(), rotationOf(database).reseal()])
    const sum = (name: keyof typeof nothing) => one.renewed[name] + other.renewed[name]
    assert.deepEqual([sum('member'), sum('dossier'), sum('document'), sum('upload'), sum('draft')], [252, 1, 1, 1, 1])
    const { inUse, unreadable, ...again } = await rotationOf(database).reseal()
    assert.deepEqual([again.renewed, unreadable, inUse], [nothing, 0, []])
  })

  it('can leave the old one out: every file and RIB opens, and nobody is asked again for what they confirmed', async () => {
    const { broken, ribs, documents } = await verify(database, 'after')
    assert.deepEqual([broken, ribs, documents], [[], 253, 1])
    const keyring = keyringOf('after')
    const [row] = (await database.query('select rib_hash, version from draft where member_id = $1', [ids.memberId]))
      .rows
    assert.ok(row?.['rib_hash'] instanceof Uint8Array)
    assert.ok(keyedHashMatches({ keyring, purpose: 'rib-hash' }, ribOf(0), row['rib_hash']))
    assert.equal(row['version'], 1)
    const [{ upload_sealed: upload, key_id: keyId } = {}] = (
      await database.query('select upload_sealed, key_id from notification, document')
    ).rows
    assert.ok(upload instanceof Uint8Array)
    assert.equal(open({ keyring, purpose: 'upload' }, upload, ids.dossierId).toString(), 'https://upload.example/1')
    assert.equal(keyId, 'new')
  })
})

describe('an operator whose change of the key is cut short', { timeout: 5 * 60_000 }, () => {
  let stores: TwoStores
  before(async () => void (stores = await openTwoStores()))
  after(() => stores.close())

  it('runs it again after each kill -9, and nothing is lost', async () => {
    const databaseUrl = await stores.postgres.newDatabase()
    const database = openPostgresDatabase({ databaseUrl, log: silentLog })
    await migrate(database, { log: silentLog })
    await addDossier(database, keyringOf('before'), file)
    await addMembers(database, keyringOf('before'), 20_000)
    const settings = { ...stores.settings, DATABASE_URL: databaseUrl, SECRET_KEY: secretKeys.during }
    const env = { PATH: process.env['PATH'], LANG: 'fr', ...settings }
    const counts: number[] = []
    for (let round = 0; round < 3; round++) {
      const before = await renewed(database)
      const child = spawn(process.execPath, ['scripts/reseal-keys.ts'], { env, stdio: 'ignore' })
      const ended = once(child, 'exit')
      while ((await renewed(database)) === before && child.exitCode === null) await sleep(5)
      child.kill('SIGKILL')
      await ended
      counts.push(await renewed(database))
      assert.deepEqual((await verify(database, 'during')).broken, [])
    }
    assert.ok(
      counts.every((count, round) => count > (counts[round - 1] ?? 0) && count < 20_000),
      counts.join(),
    )
    const { code, said } = await reseal(env)
    assert.equal(code, 0, said)
    assert.match(said, /Aucune ancienne clé/)
    assert.equal(await renewed(database), 20_002)
    assert.deepEqual((await verify(database, 'after')).broken, [])
    await database.close()
  })

  it('runs it again beside the embedded server, after that was killed', async () => {
    const dataDir = await copyTemplate()
    await lookInto(dataDir, async ({ database }) => {
      await addDossier(database, keyringOf('before'), file)
      await addMembers(database, keyringOf('before'), 3_000)
    })
    const settings = {
      SECRET_KEY: secretKeys.during,
      DEMO_DATA: 'off',
      SERVICE_FILE: filledServiceFile,
      CNDP_REFERENCE: 'x',
    }
    const first = await startServer({ dataDir, settings })
    const running = await reachRunningServer(dataDir)
    let steps = 0
    const cut = running?.keyRotation.reseal(() => {
      if (++steps === 5) process.kill(first.pid, 'SIGKILL')
    })
    await assert.rejects(async () => cut, { code: 'operator.broken' })
    await first.kill()
    const second = await startServer({ dataDir, settings })
    const { code, said } = await reseal({ PATH: process.env['PATH'], LANG: 'ar', DATA_DIR: dataDir, ...settings })
    assert.equal(code, 0, said)
    assert.equal((await second.stop()).code, 0)
    await lookInto(dataDir, async ({ database }) => {
      assert.equal(await renewed(database), 3_002)
      assert.deepEqual((await verify(database, 'after')).broken, [])
    })
  })
})

function reseal(env: NodeJS.ProcessEnv): Promise<{ code: unknown; said: string }> {
  const { promise, resolve } = Promise.withResolvers<{ code: unknown; said: string }>()
  execFile(process.execPath, ['scripts/reseal-keys.ts'], { env }, (error, stdout, stderr) =>
    resolve({ code: error?.code ?? 0, said: stdout + stderr }),
  )
  return promise
}
