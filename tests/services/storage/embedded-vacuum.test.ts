import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { vacuum } from '../../../services/storage/embedded/vacuum.ts'
import { withFreshDatabase } from '../../support/fresh-database.ts'

describe('an operator wants the embedded database to keep its size over the years', () => {
  it('uses the space of dead rows again', async () => {
    await withFreshDatabase(async database => {
      await database.query('CREATE TABLE "Odd name" AS SELECT id, 0 AS n FROM generate_series(1, 5000) id')
      const size = async (): Promise<number> =>
        Number((await database.query(`SELECT pg_relation_size('"Odd name"') AS size`)).rows[0]?.['size'])
      const first = await size()
      for (let round = 0; round < 8; round++) {
        await database.query('UPDATE "Odd name" SET n = n + 1')
        assert.deepEqual(await vacuum(database), ['"Odd name"'])
      }
      assert.ok((await size()) < 3 * first, `from ${first} to ${await size()} bytes`)
    })
  })

  it('leaves alone what needs nothing', async () => {
    await withFreshDatabase(async database => {
      await vacuum(database)
      assert.deepEqual(await vacuum(database), [])
    })
  })
})
