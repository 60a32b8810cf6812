import assert from 'node:assert/strict'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, it } from 'node:test'
import { pathToFileURL } from 'node:url'
import { migrate, migrationDirectory } from '../../../services/storage/migrate.ts'
import type { Storage } from '../../../services/storage/storage.ts'
import { silentLog as log } from '../../support/silent-log.ts'
import { describeColumns, type Place } from './support/columns.ts'

describeColumns('an operator wants the schema brought up to date, once', column => {
  let place: Place
  let storage: Storage
  let folder: string
  let directory: URL
  before(async () => {
    place = await column.newPlace()
    storage = await place.open()
    await migrate(storage.database, { log })
    folder = await mkdtemp(join(tmpdir(), 'moussaada-migrations-'))
    directory = pathToFileURL(`${folder}/`)
    await cp(migrationDirectory, directory, { recursive: true })
  })
  after(async () => {
    await place.remove()
    await rm(folder, { recursive: true })
  })

  const columnsOf = async (table: string): Promise<unknown[]> => {
    const sql = 'SELECT column_name AS name FROM information_schema.columns WHERE table_name = $1'
    return (await storage.database.query(sql, [table])).rows.map(row => row['name'])
  }

  it('does nothing the second time', async () => {
    assert.equal(await migrate(storage.database, { log }), 0)
    assert.ok((await columnsOf('dossier')).includes('number'))
  })

  it('applies a new one once, although two instances start at the same time', async () => {
    await writeFile(join(folder, '0901_once.sql'), 'CREATE TABLE once (id int); INSERT INTO once VALUES (1);')
    // One owner at a time where the data directory has one; two connections at once on a server.
    const other = column.name === 'PostgreSQL' ? await place.open() : storage
    const applied = await Promise.all([
      migrate(storage.database, { log, directory }),
      migrate(other.database, { log, directory }),
    ])
    assert.deepEqual(applied.toSorted(), [0, 1])
    assert.equal((await storage.database.query('SELECT * FROM once')).count, 1)
  })

  it('leaves nothing of one that fails, nor of those before it in the same start', async () => {
    await writeFile(join(folder, '0902_good.sql'), 'CREATE TABLE good (id int);')
    await writeFile(join(folder, '0903_bad.sql'), 'CREATE TABLE bad (id int); SELECT 1 / 0;')
    await assert.rejects(migrate(storage.database, { log, directory }), { code: 'database.failed', sqlState: '22012' })
    assert.deepEqual([await columnsOf('good'), await columnsOf('bad')], [[], []])
    await writeFile(join(folder, '0903_bad.sql'), 'CREATE TABLE bad (id int);')
    assert.equal(await migrate(storage.database, { log, directory }), 2)
  })

  it('refuses a database that a newer version has migrated', async () => {
    await assert.rejects(migrate(storage.database, { log }), {
      code: 'migration.from-future',
      message: /0901_once\.sql/,
    })
    assert.equal(await migrate(storage.database, { log, directory }), 0)
  })

  it('takes longer than any other statement may, when it must', async () => {
    await writeFile(join(folder, '0904_slow.sql'), 'SELECT pg_sleep(9);')
    assert.equal(await migrate(storage.database, { log, directory }), 1)
  })

  it('refuses two of one number', async () => {
    await writeFile(join(folder, '0904_twin.sql'), '')
    await assert.rejects(migrate(storage.database, { log, directory }), { code: 'invariant' })
  })
})
