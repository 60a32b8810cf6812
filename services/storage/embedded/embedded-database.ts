import { join } from 'node:path'
import type { Log } from '../../log.ts'
import type { Database } from '../database.ts'
import { createSqlDatabase } from '../sql-database.ts'
import { lockDataDir } from './data-dir-lock.ts'
import type { DiskSpace } from './disk-space.ts'
import { openEmbeddedClient } from './embedded-client.ts'
import { ensureFirstBase } from './first-base.ts'
import { createSingleClient } from './single-client.ts'
import { createStatementNames } from '../statement-names.ts'
import { vacuumRegularly } from './vacuum.ts'

export interface EmbeddedOptions {
  /** Holds the database, its lock and the generated keys; created when missing. */
  readonly dataDir: string
  readonly log: Log
  /** Of the disk; without it nothing is spared. It goes with the database. */
  readonly space?: DiskSpace
}

/**
 * PostgreSQL inside this process, in `dataDir`, which this process owns until it closes it.
 * @throws {AppError} `data-dir.in-use`; `database.unreachable` when it cannot be opened
 */
export async function openEmbeddedDatabase({ dataDir, log, space }: EmbeddedOptions): Promise<Database> {
  const begun = performance.now()
  const lock = lockDataDir(dataDir)
  const onStopped = (reason: string): void => log.error('database.stopped', { reason })
  const directory = join(dataDir, 'database')
  const open = async () => {
    space?.beforeOpening()
    return openEmbeddedClient(directory, onStopped)
  }
  const source = createSingleClient(open, space)
  const database = createSqlDatabase(source, createStatementNames())
  try {
    await space?.untilWritable()
    await ensureFirstBase(directory)
    await database.query('SELECT 1')
  } catch (error) {
    lock.release()
    throw error
  }
  log.info('database.opened', { milliseconds: Math.round(performance.now() - begun) })
  const endVacuum = vacuumRegularly(database, log, space)
  return {
    ...database,
    close: async () => {
      endVacuum()
      space?.close()
      await database.close()
      lock.release()
    },
  }
}
