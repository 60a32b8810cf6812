/** Everything that can break. Each code has a sentence in both languages (`dialogs/error-messages.ts`), else nothing compiles. */
export type ErrorCode =
  | 'database.failed'
  | 'database.nested'
  | 'database.unreachable'
  | 'redis.unreachable'
  | 'storage.full'
  | 'data-dir.in-use'
  | 'migration.from-future'
  | 'lease.timeout'
  | 'config.invalid'
  | 'key.unknown'
  | 'sealed.broken'
  | 'draft.changed'
  | 'document.check-busy'
  | 'operator.broken'
  | 'server.stopping'
  | 'app-token.refused'
  | 'graph.throttled'
  | 'graph.unavailable'
  | 'graph.refused'
  | 'invariant'

/** A broken expectation. Expected outcomes are return values instead. The text is for operators and holds no personal data. */
export class AppError extends Error {
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'AppError'
    this.code = code
  }
}

/** An error of the database, with the server's SQLSTATE and, where one was broken, the constraint's name. Its text never holds values. */
export class DatabaseError extends AppError {
  readonly sqlState: string
  readonly constraint: string | undefined

  constructor(sqlState: string, cause: unknown, constraint?: string) {
    super('database.failed', `the database answered ${sqlState}`, { cause })
    this.name = 'DatabaseError'
    this.sqlState = sqlState
    this.constraint = constraint
  }
}
