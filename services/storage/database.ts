/** A row as SQL returns it. Every repository parses its rows with zod before it lets them out. */
export type Row = Record<string, unknown>

/**
 * Values come back alike from both parts: `timestamptz` a Date, `int8` a number, `bytea` a Uint8Array, `jsonb` parsed,
 * `uuid` and `text` strings. They go in the same way; a JSON value goes in as text (`$1::jsonb`).
 */
export interface Queryable {
  /**
   * One statement; or several, when there are no values: then `rows` are those of all of them, `count` is the last one's.
   * @returns `count`: how many rows were returned or changed
   * @throws {DatabaseError} with the SQLSTATE of the server in `sqlState`
   * @throws {AppError} `database.unreachable` when there is no answer
   */
  query(sql: string, values?: readonly unknown[]): Promise<{ rows: Row[]; count: number }>
}

/** Valid only inside the callback of {@link Database.transaction}. */
export interface Transaction extends Queryable {
  readonly kind: 'transaction'
  /**
   * The last statement: the commit leaves together with it, so that what it locks is locked for one way to the database
   * less. When it fails nothing is kept; nothing else may fail after it.
   */
  readonly last: Queryable['query']
  /** Calls `run` once the commit has succeeded; never when it did not. */
  afterCommit(run: () => void): void
}

export interface TransactionOptions {
  /** No limit to the time of a statement, for work that rewrites tables. Else a statement ends after some seconds. */
  readonly slow?: boolean
  /** Of a few bytes, and nobody could read without: written also when there is no space for anything else. */
  readonly essential?: boolean
}

/**
 * Plain SQL. Inside a transaction's callback only its own `tx` may be used: a call of `query` or `transaction` on the
 * database there throws at once with code `database.nested`, since the embedded part has one connection and would wait
 * for ever.
 */
export interface Database extends Queryable {
  /** Commits when `work` resolves, rolls back when it rejects. */
  transaction<T>(work: (tx: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T>
  close(): Promise<void>
}
