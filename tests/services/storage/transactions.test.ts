import assert from 'node:assert/strict'
import { after, before, beforeEach, it } from 'node:test'
import type { Database } from '../../../services/storage/database.ts'
import { describeColumns, type Place } from './support/columns.ts'

describeColumns('a turn wants all of its changes or none', column => {
  let place: Place
  let database: Database
  before(async () => {
    place = await column.newPlace()
    database = (await place.open()).database
    await database.query('CREATE TABLE entry (id int PRIMARY KEY)')
  })
  beforeEach(() => database.query('DELETE FROM entry'))
  after(() => place.remove())

  const ids = async (): Promise<unknown[]> =>
    (await database.query('SELECT id FROM entry ORDER BY id')).rows.map(row => row['id'])

  it('keeps what was written when the work succeeds, and gives its result', async () => {
    const result = await database.transaction(async tx => {
      await tx.query('INSERT INTO entry VALUES (1)')
      await tx.query('INSERT INTO entry VALUES ($1)', [2])
      return 'done'
    })
    assert.equal(result, 'done')
    assert.deepEqual(await ids(), [1, 2])
  })

  it('keeps nothing when the work fails, and passes its error on', async () => {
    const error = new Error('no')
    const failing = database.transaction(async tx => {
      await tx.query('INSERT INTO entry VALUES (1)')
      throw error
    })
    await assert.rejects(failing, thrown => thrown === error)
    assert.deepEqual(await ids(), [])
  })

  it('keeps nothing when work ends before its first statement, and can go on', async () => {
    await assert.rejects(database.transaction(() => Promise.reject(new Error('no'))))
    assert.equal(await database.transaction(async () => 7), 7)
    assert.deepEqual(await ids(), [])
  })

  it('fails when an error was swallowed, since the server then keeps nothing', async () => {
    const swallowing = database.transaction(async tx => {
      await tx.query('INSERT INTO entry VALUES (1)')
      await tx.query('SELECT 1 / 0').catch(() => undefined)
    })
    await assert.rejects(swallowing, { code: 'database.failed', sqlState: '25P02' })
    assert.deepEqual(await ids(), [])
  })

  it('keeps what was written when it ends with its last statement, and gives that one its rows', async () => {
    const rows = await database.transaction(async tx => {
      await tx.query('INSERT INTO entry VALUES (1)')
      return (await tx.last('INSERT INTO entry VALUES ($1) RETURNING id', [2])).rows
    })
    assert.deepEqual(rows, [{ id: 2 }])
    assert.deepEqual(await ids(), [1, 2])
  })

  it('keeps nothing when its last statement fails, also where that error is swallowed', async () => {
    const failing = (swallow: boolean) =>
      database.transaction(async tx => {
        await tx.query('INSERT INTO entry VALUES (1)')
        const last = tx.last('INSERT INTO entry VALUES (1)')
        await (swallow ? last.catch(() => undefined) : last)
      })
    await assert.rejects(failing(false), { code: 'database.failed', sqlState: '23505' })
    await assert.rejects(failing(true), { code: 'database.failed', sqlState: '25P02' })
    assert.deepEqual(await ids(), [])
  })

  it('refuses a statement after the last one', async () => {
    const going = database.transaction(async tx => {
      await tx.last('INSERT INTO entry VALUES (1)')
      await tx.query('INSERT INTO entry VALUES (2)')
    })
    await assert.rejects(going, { code: 'invariant' })
    assert.deepEqual(await ids(), [1])
  })

  it('refuses at once a call of the database inside a transaction, which would wait for itself', async () => {
    await database.transaction(async tx => {
      const began = performance.now()
      await assert.rejects(database.query('SELECT 1'), { code: 'database.nested' })
      await assert.rejects(
        database.transaction(async () => 1),
        { code: 'database.nested' },
      )
      assert.ok(performance.now() - began < 1000)
      await tx.query('INSERT INTO entry VALUES (1)')
    })
    assert.deepEqual(await ids(), [1])
  })

  it('refuses it also deep inside, but not in what goes on after the end', async () => {
    let later: Promise<unknown> | undefined
    await database.transaction(async tx => {
      await tx.query('SELECT 1')
      await assert.rejects(
        Promise.resolve().then(() => database.query('SELECT 1')),
        { code: 'database.nested' },
      )
      later = new Promise(resolve => setTimeout(resolve, 100)).then(() => database.query('SELECT 1'))
    })
    await later
  })

  it('refuses the use of a transaction after its end', async () => {
    const escaped = await database.transaction(async tx => tx)
    await assert.rejects(escaped.query('INSERT INTO entry VALUES (1)'), { code: 'invariant' })
    assert.deepEqual(await ids(), [])
  })

  it('tells after the commit, and never after a rollback', async () => {
    const told: string[] = []
    await database.transaction(async tx => {
      tx.afterCommit(() => told.push('kept'))
      assert.deepEqual(told, [])
    })
    await database
      .transaction(async tx => {
        tx.afterCommit(() => told.push('lost'))
        await tx.query('SELECT 1 / 0')
      })
      .catch(() => undefined)
    assert.deepEqual(told, ['kept'])
  })

  it('keeps transactions that run at once apart', async () => {
    await database.query('INSERT INTO entry VALUES (0)')
    await Promise.all(
      Array.from({ length: 30 }, () =>
        database.transaction(async tx => {
          const { rows } = await tx.query('SELECT id FROM entry FOR UPDATE')
          await tx.query('UPDATE entry SET id = $1', [Number(rows[0]?.['id']) + 1])
        }),
      ),
    )
    assert.deepEqual(await ids(), [30])
  })

  it('is not disturbed by a script that failed half way', async () => {
    await assert.rejects(database.query('BEGIN; INSERT INTO entry VALUES (1); SELECT 1 / 0; COMMIT'), {
      sqlState: '22012',
    })
    await database.query('INSERT INTO entry VALUES (2)')
    assert.deepEqual(await ids(), [2])
  })
})
