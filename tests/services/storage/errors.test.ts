import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { inspect } from 'node:util'
import { AppError, DatabaseError } from '../../../services/errors.ts'
import type { Database } from '../../../services/storage/database.ts'
import { describeColumns, type Place } from './support/columns.ts'

describeColumns('an operator wants errors that tell what broke and nothing of anybody', column => {
  let place: Place
  let database: Database
  before(async () => {
    place = await column.newPlace()
    database = (await place.open()).database
    await database.query('CREATE TABLE person (ppr text CONSTRAINT person_ppr UNIQUE, age int CHECK (age > 0))')
    await database.query(`INSERT INTO person VALUES ('1000001', 40)`)
  })
  after(() => place.remove())

  const errorOf = async (sql: string, values?: unknown[]): Promise<unknown> =>
    database.query(sql, values).then(
      () => assert.fail('it succeeded'),
      (error: unknown) => error,
    )

  it('gives the SQLSTATE and the constraint, from a plain call and from a transaction', async () => {
    const insert = 'INSERT INTO person VALUES ($1, $2)'
    const plain = await errorOf(insert, ['1000001', 1])
    assert.ok(plain instanceof DatabaseError)
    assert.equal(plain.sqlState, '23505')
    assert.equal(plain.constraint, 'person_ppr')
    await assert.rejects(
      database.transaction(tx => tx.query(insert, ['1000002', -1])),
      { code: 'database.failed', sqlState: '23514', constraint: 'person_age_check' },
    )
    await assert.rejects(database.query('SELECT * FROM nothing'), { sqlState: '42P01' })
  })

  it('repeats no value, however the error is printed', async () => {
    const canary = '190170211110374226001507'
    const errors = [
      await errorOf('INSERT INTO person VALUES ($1, $2)', ['1000001', 1]),
      await errorOf('SELECT $1::int', [canary]),
      await errorOf('SELECT $1::timestamptz', [canary]),
      await errorOf('INSERT INTO person VALUES ($1, -5)', [canary]),
      await errorOf('SELECT $1::jsonb', [`{${canary}`]),
    ]
    for (const error of errors) {
      assert.ok(error instanceof AppError)
      const printed = inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error)
      assert.doesNotMatch(printed, /1000001|190170/)
    }
  })

  it('finds a table that was not there the first time, and one that has changed since', async () => {
    const insert = 'INSERT INTO late VALUES ($1)'
    await assert.rejects(database.query(insert, [1]), { sqlState: '42P01' })
    await database.query('CREATE TABLE late (id int)')
    await database.query(insert, [1])
    const select = 'SELECT * FROM late WHERE id = $1'
    assert.deepEqual((await database.query(select, [1])).rows, [{ id: 1 }])
    await database.query('ALTER TABLE late ADD COLUMN name text')
    // One that was kept prepared may fail once.
    await database.query(select, [1]).catch(() => undefined)
    assert.deepEqual((await database.query(select, [1])).rows, [{ id: 1, name: null }])
  })

  it('goes on after any of them', async () => {
    await errorOf('SELECT 1 / 0')
    await errorOf('nonsense')
    assert.equal((await database.query('SELECT count(*) AS n FROM person')).rows[0]?.['n'], 1)
  })
})
