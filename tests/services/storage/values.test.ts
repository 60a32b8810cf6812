import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import type { Database } from '../../../services/storage/database.ts'
import { describeColumns, type Place } from './support/columns.ts'

describeColumns('a repository wants values to come back alike', column => {
  let place: Place
  let database: Database
  before(async () => {
    place = await column.newPlace()
    database = (await place.open()).database
  })
  after(() => place.remove())

  const valueOf = async (type: string, value: unknown): Promise<unknown> => {
    const { rows } = await database.query(`SELECT $1::${type} AS value`, [value])
    return rows[0]?.['value']
  }

  it('gives and takes every type that the schema uses', async () => {
    assert.equal(await valueOf('text', 'طلب L’aide'), 'طلب L’aide')
    assert.equal(await valueOf('uuid', '7d444840-9dc0-11d1-b245-5ffdce74fad2'), '7d444840-9dc0-11d1-b245-5ffdce74fad2')
    assert.equal(await valueOf('boolean', true), true)
    assert.equal(await valueOf('int', 42), 42)
    assert.equal(await valueOf('int8', 2 ** 40), 2 ** 40)
    assert.equal(await valueOf('float8', 0.5), 0.5)
    assert.equal(await valueOf('numeric', '12.50'), '12.50')
    assert.equal(await valueOf('text', null), null)
    assert.equal(await valueOf('text', undefined), null)
  })

  it('gives a moment as a Date, to the millisecond', async () => {
    const moment = new Date('2026-03-29T01:30:00.123Z')
    assert.deepEqual(await valueOf('timestamptz', moment), moment)
    assert.equal(await valueOf('date', '2026-03-29'), '2026-03-29')
  })

  it('gives JSON parsed, and takes it as text', async () => {
    const value = { motif: 'oncology', many: [1, null, 'ج'] }
    assert.deepEqual(await valueOf('jsonb', JSON.stringify(value)), value)
  })

  it('gives bytes as a plain Uint8Array, of any size', async () => {
    for (const size of [0, 3, 256 * 1024]) {
      const bytes = Uint8Array.from({ length: size }, (_, index) => index % 251)
      assert.deepEqual(await valueOf('bytea', bytes), bytes)
      assert.deepEqual(await valueOf('bytea', Buffer.from(bytes)), bytes)
    }
  })

  it('takes and gives lists', async () => {
    assert.deepEqual(await valueOf('text[]', ['a', 'b,"c"', null]), ['a', 'b,"c"', null])
    assert.deepEqual(await valueOf('int[]', [1, 2]), [1, 2])
    const { rows } = await database.query('SELECT 2 = ANY($1::int[]) AS found', [[1, 2, 3]])
    assert.equal(rows[0]?.['found'], true)
  })

  it('refuses an integer that a number cannot hold, rather than round it', async () => {
    await assert.rejects(database.query('SELECT 9007199254740993::int8 AS value'), { code: 'invariant' })
  })

  it('counts the rows that were changed or returned', async () => {
    await database.query('CREATE TABLE counted (id int)')
    const count = async (sql: string): Promise<number> => (await database.query(sql)).count
    assert.equal(await count('INSERT INTO counted SELECT generate_series(1, 5)'), 5)
    assert.equal(await count('UPDATE counted SET id = id + 1 WHERE id > 2'), 3)
    assert.equal(await count('SELECT 1 FROM counted'), 5)
    assert.equal(await count('DELETE FROM counted WHERE id = 77'), 0)
    assert.equal(await count('CREATE TABLE other (id int)'), 0)
  })

  it('runs several statements in one text', async () => {
    const { rows, count } = await database.query('SELECT 1 AS a; SELECT 2 AS a UNION ALL SELECT 3')
    assert.deepEqual(rows, [{ a: 1 }, { a: 2 }, { a: 3 }])
    assert.equal(count, 2)
  })
})
