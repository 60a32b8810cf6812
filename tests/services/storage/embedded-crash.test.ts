import assert from 'node:assert/strict'
import { readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from '../../../services/storage/database.ts'
import { openEmbeddedDatabase } from '../../../services/storage/embedded/embedded-database.ts'
import { migrate } from '../../../services/storage/migrate.ts'
import { createOpeningTimes } from '../../support/opening-times.ts'
import { copyTemplate } from '../../support/fresh-database.ts'
import { silentLog } from '../../support/silent-log.ts'
import { startWriter, type WriterProcess } from './support/writer-process.ts'

let dataDir: string
beforeEach(async () => {
  dataDir = await copyTemplate()
})
afterEach(() => rm(dataDir, { recursive: true }))

async function withDatabase<T>(work: (database: Database) => Promise<T>): Promise<T> {
  const database = await openEmbeddedDatabase({ dataDir, log: silentLog })
  try {
    return await work(database)
  } finally {
    await database.close()
  }
}

describe('an operator wants a killed server to lose nothing that it acknowledged', () => {
  it('keeps every acknowledged row over six kills at random moments, and opens again about as fast as ever', async t => {
    const openings = createOpeningTimes()
    let acknowledged = 0
    for (let round = 0; round < 6; round++) {
      const closing = startWriter(dataDir, 1)
      if (round > 0) openings.addAfterFall(await openingOf(closing))
      assert.equal(await closing.ended, 0)
      const writer = startWriter(dataDir)
      openings.addClean(await openingOf(writer))
      await sleep(Math.random() * 400)
      await writer.kill()
      acknowledged = Math.max(acknowledged, ...writer.lines.filter(line => line.startsWith('row ')).map(rowOf))
    }
    t.diagnostic(`${acknowledged} rows acknowledged; ${openings.check()}`)
    assert.ok(acknowledged > 0)
    await withDatabase(async database => {
      const { rows } = await database.query('SELECT subject, action FROM audit ORDER BY id')
      assert.ok(rows.length > acknowledged, `${rows.length} rows kept, row ${acknowledged} acknowledged`)
      rows.forEach((row, index) => assert.deepEqual(row, { subject: String(index), action: 'tested' }))
    })
  })

  const openingOf = async (writer: WriterProcess): Promise<number> =>
    Number((await writer.line(/^open /)).slice('open '.length))

  const rowOf = (line: string): number => Number(line.slice('row '.length))
})

describe('an operator wants a first start that was cut off to do no harm', () => {
  it('begins anew', async () => {
    // What a killed first start leaves: the database's files under the name that they have until all are there.
    const unfinished = join(dataDir, 'database-unfinished-0')
    await rename(join(dataDir, 'database'), unfinished)
    await rm(join(unfinished, 'global'), { recursive: true })
    await withDatabase(async reborn => {
      assert.ok((await migrate(reborn, { log: silentLog })) > 0)
    })
    assert.deepEqual(
      (await readdir(dataDir)).filter(name => name.startsWith('database-')),
      [],
    )
    await withDatabase(async again => assert.equal(await migrate(again, { log: silentLog }), 0))
  })
})

describe('an operator wants to hear that the embedded database stopped', () => {
  it('fails what is under way, says so in one line, and opens again for the next', async () => {
    const lines: unknown[] = []
    const log = { ...silentLog, error: (event: string, fields?: object) => void lines.push({ event, ...fields }) }
    const database = await openEmbeddedDatabase({ dataDir, log })
    try {
      await database.query(`INSERT INTO audit (actor, action, subject) VALUES ('system', 'kept', '1')`)
      await panic(database)
      assert.deepEqual(lines, [
        { event: 'database.stopped', reason: 'the embedded database stopped: PostgreSQL panicked' },
      ])
      assert.equal((await database.query('SELECT * FROM audit')).count, 1)
    } finally {
      await database.close()
    }
  })

  /** Nothing can be written without a log: PostgreSQL gives up. */
  async function panic(database: Database): Promise<void> {
    const logs = join(dataDir, 'database', 'pg_wal')
    await rename(logs, `${logs}-away`)
    const broken = database.transaction(async tx => {
      await tx.query(
        `INSERT INTO audit (actor, action, subject) SELECT 'system', 'lost', 'x' FROM generate_series(1, 300000)`,
      )
    })
    const waiting = assert.rejects(broken, { code: 'database.unreachable' })
    await waiting
    await rename(`${logs}-away`, logs)
  }
})
