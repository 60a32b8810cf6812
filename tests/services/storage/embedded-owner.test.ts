import assert from 'node:assert/strict'
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { openEmbeddedDatabase } from '../../../services/storage/embedded/embedded-database.ts'
import { lockDataDir } from '../../../services/storage/embedded/data-dir-lock.ts'
import { copyTemplate } from '../../support/fresh-database.ts'
import { silentLog as log } from '../../support/silent-log.ts'
import { startWriter } from './support/writer-process.ts'

describe('an operator wants one owner for a DATA_DIR', () => {
  let dataDir: string
  beforeEach(async () => {
    dataDir = await copyTemplate()
  })
  afterEach(() => rm(dataDir, { recursive: true }))

  it('refuses a second process in one line, and the first goes on', async () => {
    const first = startWriter(dataDir)
    await first.line(/^row 0$/)
    const second = startWriter(dataDir)
    assert.equal(await second.ended, 1)
    assert.deepEqual(second.errors, [`data-dir.in-use: DATA_DIR ${dataDir} is in use by another process`])
    assert.deepEqual(second.lines, [])
    const rows = first.lines.length
    await first.line(new RegExp(`^row ${rows + 5}$`))
    await first.kill()
  })

  it('lets one in of several that start at the same moment', async () => {
    const writers = Array.from({ length: 4 }, () => startWriter(dataDir))
    const refused = await Promise.all(
      writers.map(writer => Promise.race([writer.line(/^row 3$/).then(() => false), writer.ended.then(() => true)])),
    )
    assert.equal(refused.filter(isRefused => !isRefused).length, 1)
    await Promise.all(writers.map(writer => writer.kill()))
  })

  it('lets the next in at once after the owner was killed, or has closed', async () => {
    const killed = startWriter(dataDir)
    await killed.line(/^open /)
    await killed.kill()
    for (let times = 0; times < 2; times++) {
      const database = await openEmbeddedDatabase({ dataDir, log })
      await database.close()
    }
  })

  it('refuses a second opening in the same process too', async () => {
    const database = await openEmbeddedDatabase({ dataDir, log })
    await assert.rejects(openEmbeddedDatabase({ dataDir, log }), { code: 'data-dir.in-use' })
    assert.equal((await database.query('SELECT 1')).count, 1)
    await database.close()
    await assert.rejects(database.query('SELECT 1'), { code: 'database.unreachable' })
  })

  it('makes a missing directory, for the owner’s eyes only', async () => {
    const missing = join(dataDir, 'deep', 'er')
    lockDataDir(missing).release()
    assert.equal((await stat(missing)).mode & 0o777, 0o700)
    assert.equal((await stat(join(missing, 'owner.lock'))).mode & 0o777, 0o600)
  })
})
