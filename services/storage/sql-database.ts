import { AsyncLocalStorage } from 'node:async_hooks'
import type { ClientBase, QueryResult } from 'pg'
import { AppError, DatabaseError } from '../errors.ts'
import type { Database, Queryable, Row, Transaction } from './database.ts'
import { toAppError } from './database-errors.ts'

/** One client, for the one who holds it. `broken` says that it must not be handed out again. */
export interface HeldClient {
  readonly client: ClientBase
  release(broken: boolean): void
}

/** Hands out clients, each to one holder at a time, in the order of asking. */
export interface ClientSource {
  acquire(): Promise<HeldClient>
  close(): Promise<void>
}

/** A transaction that runs now: its callback's asynchronous context carries this. */
interface Scope {
  open: boolean
  readonly slow: boolean
  readonly afterCommit: (() => void)[]
}

/** The port on top of pg's client, whether that talks to a server or to the database in our own worker. */
export function createSqlDatabase(source: ClientSource): Database {
  const scopes = new AsyncLocalStorage<Scope>()

  const acquire = async (): Promise<HeldClient> => {
    if (scopes.getStore()?.open) {
      throw new AppError('database.nested', 'the database was called inside a transaction: use its tx')
    }
    return source.acquire().catch((error: unknown) => {
      throw toAppError(error)
    })
  }

  return {
    async query(sql, values) {
      const held = await acquire()
      return withClient(held, () => run(held.client, { text: sql, values }))
    },
    async transaction(work, { slow = false } = {}) {
      const held = await acquire()
      const scope: Scope = { open: true, slow, afterCommit: [] }
      const inScope = (tx: Transaction) => scopes.run(scope, () => work(tx))
      const result = await withClient(held, () => runTransaction(held.client, scope, inScope))
      for (const run of scope.afterCommit) run()
      return result
    },
    close: () => source.close(),
  }
}

/** Runs `work`, then hands the client back outside of any transaction, or says that it is broken. */
async function withClient<T>(held: HeldClient, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw toAppError(error)
  } finally {
    held.release(!(await isIdle(held.client)))
  }
}

/** Rolls back what a failed statement, or a script that ended half way, left open. */
async function isIdle(client: ClientBase): Promise<boolean> {
  if (client.getTransactionStatus() === 'I') return true
  await client.query('ROLLBACK').catch(() => undefined)
  return client.getTransactionStatus() === 'I'
}

async function runTransaction<T>(client: ClientBase, scope: Scope, work: (tx: Transaction) => Promise<T>): Promise<T> {
  // Not awaited yet: it travels with the first statement and saves a round trip.
  const begun = client.query(scope.slow ? 'BEGIN; SET LOCAL statement_timeout = 0' : 'BEGIN')
  begun.catch(() => undefined)
  let result: T
  try {
    result = await work(transactionOn(client, scope))
  } finally {
    scope.open = false
  }
  await begun
  const end = await client.query('COMMIT')
  // A statement failed and its error was swallowed: the server then answers COMMIT with a rollback, without an error.
  if (end.command === 'ROLLBACK') throw new DatabaseError('25P02', undefined)
  return result
}

function transactionOn(client: ClientBase, scope: Scope): Transaction {
  return {
    kind: 'transaction',
    query: async (sql, values) => {
      if (!scope.open) throw new AppError('invariant', 'a transaction was used after its end')
      return run(client, scope.slow ? withoutLimit(sql, values) : { text: sql, values })
    },
    afterCommit: call => void scope.afterCommit.push(call),
  }
}

/** pg's own limit on the wait for an answer, which its types do not know per query; a timer takes no more than this. */
const withoutLimit = (text: string, values: Values): Statement => ({ text, values, query_timeout: 2 ** 31 - 1 })

type Values = readonly unknown[] | undefined

interface Statement {
  readonly text: string
  readonly values: Values
  readonly query_timeout?: number
}

async function run(client: ClientBase, { values, ...statement }: Statement): Promise<{ rows: Row[]; count: number }> {
  const config = values === undefined || values.length === 0 ? statement : { ...statement, values: [...values] }
  try {
    // pg answers several statements in one text, which may have no values, with an array; its types do not say so.
    const answer: QueryResult<Row> | QueryResult<Row>[] = await client.query<Row>(config)
    if (!Array.isArray(answer)) return { rows: answer.rows, count: answer.rowCount ?? 0 }
    return { rows: answer.flatMap(({ rows }) => rows), count: answer.at(-1)?.rowCount ?? 0 }
  } catch (error) {
    throw toAppError(error)
  }
}
