import pg from 'pg'
import type { PoolClient } from 'pg'
import type { Log } from '../../log.ts'
import type { Database } from '../database.ts'
import { toAppError } from '../database-errors.ts'
import { createSqlDatabase, type ClientSource, type HeldClient } from '../sql-database.ts'
import { createStatementNames } from '../statement-names.ts'
import type { PoolUse } from '../storage.ts'
import { valueTypes } from '../value-types.ts'
import { GatheringSocket } from './gathering-socket.ts'
import { createSharedClients } from './shared-clients.ts'

/** Milliseconds. To get a client and then an answer takes at most 13 s, also from a server that says nothing at all. */
const limits = { connect: 5_000, statement: 8_000, idleInTransaction: 30_000 }

/** Connections that many statements share. */
const SHARED = 3

export interface PostgresOptions {
  readonly databaseUrl: string
  readonly log: Log
  /** Connections at most. */
  readonly connections?: number
}

export interface PostgresDatabase extends Database {
  readonly pool: () => PoolUse
}

/** A PostgreSQL server, 15 or later. Connects when first used. */
export function openPostgresDatabase({ databaseUrl, log, connections = 10 }: PostgresOptions): PostgresDatabase {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    application_name: 'moussaada',
    max: connections,
    connectionTimeoutMillis: limits.connect,
    query_timeout: limits.statement,
    statement_timeout: limits.statement,
    idle_in_transaction_session_timeout: limits.idleInTransaction,
    keepAlive: true,
    pipeline: true,
    stream: () => new GatheringSocket(),
    types: valueTypes,
  })
  // Without a listener the loss of an idle connection would end the process. The pool has dropped it already.
  pool.on('error', error => log.warn('database.connection-lost', { code: toAppError(error).code }))
  const database = createSqlDatabase(sourceOf(pool, connections), createStatementNames())
  return {
    ...database,
    pool: () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
  }
}

/** Of a pool that is large enough some are shared; the rest are for transactions, each to one holder at a time. */
function sourceOf(pool: pg.Pool, connections: number): ClientSource {
  const acquire = async () => hold(await pool.connect())
  if (connections < 2 * SHARED) return { acquire, close: () => pool.end() }
  const shared = createSharedClients(() => pool.connect(), SHARED)
  return {
    acquire,
    share: shared.share,
    async close() {
      shared.close()
      await pool.end()
    },
  }
}

function hold(client: PoolClient): HeldClient {
  // While it is held the pool does not listen; whoever waits for an answer hears of the loss there.
  const onLost = (): void => undefined
  client.on('error', onLost)
  return {
    client,
    release: broken => {
      client.off('error', onLost)
      client.release(broken)
    },
  }
}
