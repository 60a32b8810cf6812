import assert from 'node:assert/strict'
import { after, afterEach, before, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../../../services/errors.ts'
import { createBossJobs } from '../../../services/storage/boss-jobs.ts'
import type { Row } from '../../../services/storage/database.ts'
import type { JobQueue, Jobs } from '../../../services/storage/jobs.ts'
import type { Storage } from '../../../services/storage/storage.ts'
import { silentLog as log } from '../../support/silent-log.ts'
import { describeColumns, type Place } from './support/columns.ts'

const greet: JobQueue = { name: 'greet', retries: 0 }
const flaky: JobQueue = { name: 'flaky', retries: 2 }

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (await condition()) return
    await sleep(100)
  }
  assert.fail('it did not come about within 30 s')
}

describeColumns('a member wants later work to follow what was committed, and nothing else', column => {
  let place: Place
  let storage: Storage
  let jobs: Jobs
  before(async () => {
    place = await column.newPlace()
    storage = await place.open()
    await storage.database.query('CREATE TABLE entry (id text)')
  })
  afterEach(() => jobs.stop())
  after(() => place.remove())

  const begin = async (queue: JobQueue, handler: Parameters<Jobs['handle']>[1]): Promise<void> => {
    jobs = createBossJobs({ database: storage.database, log, pollingSeconds: 1 })
    jobs.handle(queue, handler)
    await jobs.start()
  }
  const stored = async (queue: JobQueue): Promise<Row[]> =>
    (await storage.database.query('SELECT state::text, data, output FROM pgboss.job WHERE name = $1', [queue.name]))
      .rows

  it('runs a job once its transaction has committed, without delay, and keeps nothing of it', async () => {
    const got: unknown[] = []
    await begin(greet, async data => void got.push(data))
    await storage.database.transaction(async tx => {
      await jobs.send(tx, greet, { dossier: 'd1' })
      await tx.query(`INSERT INTO entry VALUES ('kept')`)
      await sleep(50)
      assert.deepEqual(got, [])
    })
    await until(() => got.length === 1)
    assert.deepEqual(got, [{ dossier: 'd1' }])
    await until(async () => (await stored(greet)).length === 0)
    assert.equal((await storage.database.query(`SELECT * FROM entry WHERE id = 'kept'`)).count, 1)
  })

  it('knows no job of a transaction that was rolled back', async () => {
    const got: unknown[] = []
    await begin(greet, async data => void got.push(data))
    const lost = storage.database.transaction(async tx => {
      await jobs.send(tx, greet, { dossier: 'd2' })
      throw new Error('no')
    })
    await assert.rejects(lost)
    assert.deepEqual(await stored(greet), [])
    await sleep(1500)
    assert.deepEqual(got, [])
  })

  it('leaves the rest of the transaction alone when a job cannot be stored', async () => {
    await begin(greet, async () => undefined)
    await storage.database.transaction(async tx => {
      await tx.query(`INSERT INTO entry VALUES ('before')`)
      const began = performance.now()
      await assert.rejects(jobs.send(tx, { name: 'unknown-queue', retries: 0 }, {}))
      assert.ok(performance.now() - began < 2000, 'it waited')
      await tx.query(`INSERT INTO entry VALUES ('after')`)
    })
    const { rows } = await storage.database.query(`SELECT id FROM entry WHERE id IN ('before', 'after') ORDER BY id`)
    assert.deepEqual(rows, [{ id: 'after' }, { id: 'before' }])
  })

  it('may use the database in a handler', async () => {
    await begin(greet, async ({ id }) => {
      await storage.database.transaction(tx => tx.query('INSERT INTO entry VALUES ($1)', [id]))
    })
    await storage.database.transaction(tx => jobs.send(tx, greet, { id: 'handled' }))
    await until(async () => (await storage.database.query(`SELECT * FROM entry WHERE id = 'handled'`)).count === 1)
  })

  it('tries again what failed, and keeps only the code of the error', async () => {
    let tries = 0
    await begin(flaky, async () => {
      tries += 1
      const cause = new Error('RIB 190170211110374226001507')
      if (tries === 1) throw new AppError('database.unreachable', 'a secret text', { cause })
    })
    await storage.database.transaction(tx => jobs.send(tx, flaky, { id: '1' }))
    await until(async () => (await stored(flaky))[0]?.['state'] === 'retry')
    assert.deepEqual(await stored(flaky), [
      { state: 'retry', data: { id: '1' }, output: { code: 'database.unreachable' } },
    ])
    await until(async () => (await stored(flaky)).length === 0)
    assert.equal(tries, 2)
  })

  it('comes by itself at its hour in Morocco, and no longer once it is not wanted', async () => {
    const schedules = async (): Promise<Row[]> =>
      (await storage.database.query('SELECT name, cron, timezone FROM pgboss.schedule')).rows
    await begin({ ...greet, schedule: '30 3 * * *' }, async () => undefined)
    assert.deepEqual(await schedules(), [{ name: 'greet', cron: '30 3 * * *', timezone: 'Africa/Casablanca' }])
    await jobs.stop()
    await begin(greet, async () => undefined)
    assert.deepEqual(await schedules(), [])
  })

  it('finds jobs that wait since before the start', async () => {
    await begin(greet, async () => undefined)
    await jobs.stop()
    await storage.database.transaction(tx => jobs.send(tx, greet, { id: 'waiting' }))
    const got: unknown[] = []
    await begin(greet, async data => void got.push(data))
    await until(() => got.length === 1)
  })
})
