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
import { createSharedClients, type SharedClients } from './shared-clients.ts'

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
  const options = {
    connectionString: databaseUrl,
    application_name: 'moussaada',
    connectionTimeoutMillis: limits.connect,
    query_timeout: limits.statement,
    statement_timeout: limits.statement,
    idle_in_transaction_session_timeout: limits.idleInTransaction,
    keepAlive: true,
    pipeline: true,
    stream: () => new GatheringSocket(),
    types: valueTypes,
  }
  const onLost = (error: Error): void => log.warn('database.connection-lost', { code: toAppError(error).code })
  // Of few connections none is shared: a transaction needs one to itself.
  const shared = connections < 2 * SHARED ? undefined : createSharedClients(() => connect(options, onLost), SHARED)
  const pool = new pg.Pool({ ...options, max: shared ? connections - SHARED : connections })
  // Without a listener the loss of an idle connection would end the process. The pool has dropped it already.
  pool.on('error', onLost)
  return {
    ...createSqlDatabase(sourceOf(pool, shared), createStatementNames()),
    pool() {
      const { total, idle } = shared?.use() ?? { total: 0, idle: 0 }
      return { total: pool.totalCount + total, idle: pool.idleCount + idle, waiting: pool.waitingCount }
    },
  }
}

async function connect(options: pg.ClientConfig, onLost: (error: Error) => void): Promise<pg.Client> {
  const client = new pg.Client(options)
  client.on('error', onLost)
  await client.connect()
  return client
}

/** The pool's are for transactions, each to one holder at a time. */
function sourceOf(pool: pg.Pool, shared: SharedClients | undefined): ClientSource {
  return {
    acquire: async () => hold(await pool.connect()),
    ...(shared && { share: shared.share }),
    async close() {
      await Promise.all([shared?.close(), pool.end()])
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
