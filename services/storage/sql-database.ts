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
  readonly acquire: () => Promise<HeldClient>
  /** A client that others use at the same time, for one short statement that is true by itself. */
  readonly share?: () => Promise<HeldClient>
  /** Throws `storage.full` when there is no space for the smallest row. */
  readonly assertRoomForLittle?: () => void
  close(): Promise<void>
}

/** @returns the name under which a text is kept, undefined when it is not */
export type NameOf = (text: string) => string | undefined

/** A transaction that runs now: its callback's asynchronous context carries this. */
interface Scope {
  open: boolean
  /** The commit, where it left with the last statement. */
  ending?: Promise<QueryResult<Row>[]>
  readonly slow: boolean
  readonly essential: boolean
  readonly afterCommit: (() => void)[]
}

/** Makes what pg sends of a text and its values. */
type Write = (text: string, values?: readonly unknown[]) => Statement

/**
 * The port on top of pg's client, whether that talks to a server or to the database in our own worker.
 * @param nameOf names texts that the client may keep prepared
 */
export function createSqlDatabase(source: ClientSource, nameOf: NameOf): Database {
  const scopes = new AsyncLocalStorage<Scope>()
  const write: Write = (text, values = []) => {
    if (values.length === 0) return { text }
    const name = nameOf(text)
    return { text, values: [...values], ...(name !== undefined && { name }) }
  }

  const outside = async (acquire: () => Promise<HeldClient>): Promise<HeldClient> => {
    if (scopes.getStore()?.open) {
      throw new AppError('database.nested', 'the database was called inside a transaction: use its tx')
    }
    return acquire().catch((error: unknown) => {
      throw toAppError(error)
    })
  }

  return {
    async query(sql, values) {
      const statement = write(sql, values)
      // What is prepared is one statement: it leaves no transaction open.
      if (source.share && statement.name !== undefined && !isBulky(statement))
        return runShared(await outside(source.share), statement)
      const held = await outside(source.acquire)
      return withClient(held, () => run(held.client, statement))
    },
    async transaction(work, { slow = false, essential = false } = {}) {
      if (essential) source.assertRoomForLittle?.()
      const held = await outside(source.acquire)
      const scope: Scope = { open: true, slow, essential, afterCommit: [] }
      const tx = transactionOn(held.client, scope, write)
      const result = await withClient(held, () => runTransaction(held.client, scope, () => scopes.run(scope, work, tx)))
      for (const run of scope.afterCommit) run()
      return result
    },
    close: () => source.close(),
  }
}

/** Bytes above which a value would keep others' statements waiting behind it. */
const BULK = 16 * 1024

const isBulky = ({ values = [] }: Statement): boolean =>
  values.some(value => value instanceof Uint8Array && value.length > BULK)

async function runShared(held: HeldClient, statement: Statement): Promise<Answer> {
  let failure: unknown
  try {
    return await run(held.client, statement)
  } catch (error) {
    failure = error
    throw error
  } finally {
    held.release(isStale(failure))
  }
}

/** Runs `work`, then hands the client back outside of any transaction, or says that it is broken. */
async function withClient<T>(held: HeldClient, work: () => Promise<T>): Promise<T> {
  let failure: unknown
  try {
    return await work()
  } catch (error) {
    failure = error
    throw error
  } finally {
    held.release(isStale(failure) || !(await isIdle(held.client, failure !== undefined)))
  }
}

/**
 * A prepared statement whose table was changed since (0A000), or that a pooler in between has lost (26000), fails each
 * time: the next client prepares it anew.
 */
function isStale(failure: unknown): boolean {
  return failure instanceof DatabaseError && ['0A000', '26000'].includes(failure.sqlState)
}

/** Rolls back what a failed statement, or a script that ended half way, left open. */
async function isIdle(client: ClientBase, failed: boolean): Promise<boolean> {
  // An error is heard before the server says which state it leaves: an answer to nothing comes after that.
  if (failed) await client.query('').catch(() => undefined)
  if (client.getTransactionStatus() === 'I') return true
  await client.query('ROLLBACK').catch(() => undefined)
  return client.getTransactionStatus() === 'I'
}

async function runTransaction<T>(client: ClientBase, scope: Scope, work: () => Promise<T>): Promise<T> {
  // Not awaited yet: it travels with the first statement and saves a round trip.
  const begun = ask(client, { text: beginOf(scope) })
  begun.catch(() => undefined)
  let result: T
  try {
    result = await work()
  } finally {
    scope.open = false
  }
  await begun
  const [end] = await (scope.ending ?? commit(client))
  // A statement failed and its error was swallowed: the server then answers COMMIT with a rollback, without an error.
  if (end?.command === 'ROLLBACK') throw new DatabaseError('25P02', undefined)
  return result
}

/** While there is no space the session's transactions only read, unless they say otherwise. */
function beginOf({ slow, essential }: Scope): string {
  const begin = essential ? 'BEGIN READ WRITE' : 'BEGIN'
  return slow ? `${begin}; SET LOCAL statement_timeout = 0` : begin
}

const commit = (client: ClientBase) => ask(client, { text: 'COMMIT' })

function transactionOn(client: ClientBase, scope: Scope, write: Write): Transaction {
  const query: Transaction['query'] = async (sql, values) => {
    if (!scope.open) throw new AppError('invariant', 'a transaction was used after its end')
    return run(client, { ...write(sql, values), ...(scope.slow && noLimit) })
  }
  return {
    kind: 'transaction',
    query,
    last: (sql, values) => {
      const answer = query(sql, values)
      if (!scope.open) return answer
      scope.open = false
      scope.ending = commit(client)
      // Whoever waits for the answer hears of a failure first.
      scope.ending.catch(() => undefined)
      return answer
    },
    afterCommit: call => void scope.afterCommit.push(call),
  }
}

interface Statement {
  readonly text: string
  readonly name?: string
  /** Its presence, even empty, makes pg prepare the text, which may then hold but one statement. */
  readonly values?: unknown[]
  readonly query_timeout?: number
}

/** Milliseconds, as long as a timer can be: pg's own limit to the wait for an answer, which its types lack for a query. */
const noLimit = { query_timeout: 2 ** 31 - 1 }

async function run(client: ClientBase, statement: Statement): Promise<Answer> {
  const results = await ask(client, statement)
  return { rows: results.flatMap(({ rows }) => rows), count: results.at(-1)?.rowCount ?? 0 }
}

type Answer = Awaited<ReturnType<Queryable['query']>>

async function ask(client: ClientBase, statement: Statement): Promise<QueryResult<Row>[]> {
  try {
    // pg answers several statements in one text, which may have no values, with an array; its types do not say so.
    const answer: QueryResult<Row> | QueryResult<Row>[] = await client.query<Row>(statement)
    return Array.isArray(answer) ? answer : [answer]
  } catch (error) {
    throw toAppError(error)
  }
}
