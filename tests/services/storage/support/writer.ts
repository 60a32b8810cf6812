/*
 * A process that owns a DATA_DIR and writes: `node writer.ts DATA_DIR [COMMITS]`. It prints the id of each row after its
 * commit was acknowledged, and with COMMITS stops after so many.
 */
import { writeSync } from 'node:fs'
import { AppError } from '../../../../services/errors.ts'
import { openEmbeddedStorage } from '../../../../services/storage/embedded-storage.ts'
import { silentLog } from '../../../support/silent-log.ts'

const [dataDir = '', commits = 'Infinity'] = process.argv.slice(2)

async function write(): Promise<void> {
  const began = performance.now()
  const storage = await openEmbeddedStorage({ dataDir, log: silentLog })
  const { database } = storage
  const { rows } = await database.query('SELECT count(*) AS n FROM audit')
  writeSync(1, `open ${Math.round(performance.now() - began)}\n`)
  const first = Number(rows[0]?.['n'])
  for (let id = first; id < first + Number(commits); id++) {
    await database.transaction(async tx => {
      await tx.query(`INSERT INTO audit (actor, action, subject) VALUES ('system', 'test', $1)`, [String(id)])
      await tx.query(`UPDATE audit SET action = 'tested' WHERE subject = $1`, [String(id)])
    })
    writeSync(1, `row ${id}\n`)
  }
  await storage.close()
}

await write().catch((error: unknown) => {
  process.stderr.write(`${error instanceof AppError ? `${error.code}: ${error.message}` : String(error)}\n`)
  process.exit(1)
})
