import { z } from 'zod'
import type { Log } from '../../log.ts'
import { ampleSpace, type Space } from '../space.ts'
import type { Database } from '../database.ts'

/** Milliseconds. */
const interval = 10 * 60_000

const tablesSchema = z.array(z.object({ name: z.string() }))

/** What PostgreSQL's own autovacuum holds to: a fifth of the rows dead, or a tenth changed since the last look at them. */
const neglected = `
  SELECT relid::regclass::text AS name FROM pg_stat_user_tables
  WHERE n_dead_tup > 50 + n_live_tup / 5 OR n_mod_since_analyze > 50 + n_live_tup / 10`

/**
 * Frees the space of dead rows and refreshes what the planner knows. A server does this by itself, in processes that the
 * embedded database does not have.
 * @returns the tables that needed it
 */
export async function vacuum(database: Database): Promise<string[]> {
  // Else the counts lag behind by up to a second.
  await database.query('SELECT pg_stat_force_next_flush()')
  const tables = tablesSchema.parse((await database.query(neglected)).rows).map(({ name }) => name)
  // One at a time, so that members' turns come in between. The name is quoted already, by regclass.
  for (const name of tables) await database.query(`VACUUM (ANALYZE) ${name}`)
  return tables
}

/** @returns a function that ends it */
export function vacuumRegularly(database: Database, log: Log, space: Space = ampleSpace): () => void {
  const run = async (): Promise<void> => {
    if (space.state() !== 'full') await vacuum(database).catch(() => log.warn('database.vacuum-failed'))
  }
  const timer = setInterval(() => void run(), interval).unref()
  return () => clearInterval(timer)
}
