import { PGlite } from '@electric-sql/pglite'
import { z } from 'zod'
import { syncTree } from './disk-sync.ts'
import { pgliteOptions } from './pglite-options.ts'

// A process of its own: makes a database in the directory that it is given, brings it to the disk, and ends.

/** A third of the files each, for databases that nobody makes here; after a crash every file costs a sync. */
async function dropTemplate(database: PGlite, name: string): Promise<void> {
  await database.exec(`ALTER DATABASE ${name} IS_TEMPLATE false`)
  await database.exec(`DROP DATABASE ${name}`)
}

// Whoever asked for the database is gone.
process.once('disconnect', () => process.exit(1))

const directory = z.string().parse(process.argv[2])
const database = new PGlite(pgliteOptions(directory))
await database.waitReady
for (const name of ['template1', 'template0']) await dropTemplate(database, name)
await database.close()
syncTree(directory)
process.exit(0)
