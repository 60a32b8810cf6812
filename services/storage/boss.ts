import { PgBoss, type Db } from 'pg-boss'
import { DatabaseError } from '../errors.ts'
import type { Database, Queryable } from './database.ts'

/** pg-boss on our port: one mutex, one pool. It has no connection of its own. */
export function createBoss(database: Database): PgBoss {
  return new PgBoss({
    db: adapt(database),
    schema: 'pgboss',
    // What we do not use, and would cost a look at the database every few seconds: seconds between looks.
    flowIntervalSeconds: 3600,
    bamIntervalSeconds: 3600,
    queueCacheIntervalSeconds: 3600,
    cronMonitorIntervalSeconds: 45,
    cronWorkerIntervalSeconds: 15,
    registerInstance: false,
    reindex: false,
    monitorVacuum: false,
  })
}

/**
 * For what must be stored in the caller's transaction. pg-boss's own adapter for PGlite is no choice: at any error it
 * rolls back, and with that the caller's work.
 */
export function inTransaction(tx: Queryable): Db {
  return adapt(tx)
}

function adapt(queryable: Queryable): Db {
  return {
    executeSql: (text, values) =>
      queryable.query(text, values).catch((error: unknown) => {
        throw asBossExpects(error)
      }),
  }
}

/** pg-boss tells races between instances from errors by pg's `code`, `constraint` and `message`. */
function asBossExpects(error: unknown): unknown {
  if (!(error instanceof DatabaseError)) return error
  const { sqlState, constraint } = error
  const cause = error.cause instanceof Error ? error.cause.message : sqlState
  const message = raceTold({ sqlState, constraint }) ?? cause
  return Object.assign(new Error(message, { cause: error }), { code: sqlState, constraint })
}

/** What pg-boss looks for to leave to another instance what that one has done while this one waited for its lock. */
function raceTold({ sqlState, constraint }: Pick<DatabaseError, 'sqlState' | 'constraint'>): string | undefined {
  if (sqlState === '22012') return 'division by zero'
  // `create schema if not exists` believes what it read of the catalogue before it waited, and meets its unique index.
  return sqlState === '23505' && constraint?.startsWith('pg_') ? 'already exists' : undefined
}
