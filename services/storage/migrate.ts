import { readdir, readFile } from 'node:fs/promises'
import { z } from 'zod'
import { AppError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Database, Transaction } from './database.ts'

/** `0001_initial.sql`: its number gives the order, and never changes. */
const fileName = /^(\d{4})_[a-z0-9-]+\.sql$/

interface Migration {
  readonly number: number
  readonly name: string
  readonly file: URL
}

/** Where ours are. */
export const migrationDirectory = new URL('../../db/migrations/', import.meta.url)

const appliedSchema = z.array(z.object({ number: z.int(), name: z.string() }))

/**
 * Brings the schema up to date: all or nothing, by one instance at a time, a second time without harm.
 * @returns how many migrations were applied
 * @throws {AppError} `migration.from-future` when the database knows migrations that this version does not
 */
export async function migrate(
  database: Database,
  { log, directory = migrationDirectory }: MigrateOptions,
): Promise<number> {
  const known = await findMigrations(directory)
  return database.transaction(tx => applyPending(tx, known, log), { slow: true })
}

export interface MigrateOptions {
  readonly log: Log
  readonly directory?: URL
}

async function applyPending(tx: Transaction, known: readonly Migration[], log: Log): Promise<number> {
  await lockSchema(tx)
  const applied = appliedSchema.parse((await tx.query('SELECT number, name FROM schema_migration')).rows)
  refuseFuture(applied, known)
  const pending = known.filter(({ number }) => !applied.some(done => done.number === number))
  for (const migration of pending) {
    await apply(tx, migration)
    tx.afterCommit(() => log.info('migration.applied', { migration: migration.name }))
  }
  return pending.length
}

async function findMigrations(directory: URL): Promise<Migration[]> {
  const names = (await readdir(directory)).filter(name => name.endsWith('.sql')).toSorted()
  const migrations = names.map(name => {
    const number = fileName.exec(name)?.[1]
    if (number === undefined) throw new AppError('invariant', `${name} is not named like 0001_initial.sql`)
    return { number: Number(number), name, file: new URL(name, directory) }
  })
  if (new Set(migrations.map(({ number }) => number)).size < migrations.length) {
    throw new AppError('invariant', 'two migrations have the same number')
  }
  return migrations
}

/** The lock ends with the transaction. Its number is ours alone: any fixed one does. */
async function lockSchema(tx: Transaction): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock(7061200301)')
  await tx.query(
    `CREATE TABLE IF NOT EXISTS schema_migration (
      number int PRIMARY KEY,
      name text NOT NULL,
      applied_at timestamptz NOT NULL DEFAULT now()
    )`,
  )
}

function refuseFuture(applied: z.infer<typeof appliedSchema>, known: readonly Migration[]): void {
  const unknown = applied.find(({ number }) => !known.some(migration => migration.number === number))
  if (unknown) {
    throw new AppError('migration.from-future', `the database has migration ${unknown.name}, which this version lacks`)
  }
}

async function apply(tx: Transaction, { number, name, file }: Migration): Promise<void> {
  await tx.query(await readFile(file, 'utf8'))
  await tx.query('INSERT INTO schema_migration (number, name) VALUES ($1, $2)', [number, name])
}
