import { AppError, DatabaseError } from '../errors.ts'

/** Connection lost, server starting, stopping, out of connections or memory: the same call may well succeed in a moment. */
const unreachable = /^(08|57P0|53300|53200)/
/** No space for what was to be written, or a database that takes nothing now: what it has can be read. */
const full = /^(53100|25006)/

/**
 * pg's errors as ours. What PostgreSQL writes into `message` and `detail` may repeat values ("Key (ppr)=(…) already
 * exists"), so only names of the schema are kept of it.
 */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  const sqlState = sqlStateOf(error)
  if (sqlState === undefined || unreachable.test(sqlState)) {
    return new AppError('database.unreachable', 'the database cannot be reached', {
      cause: withoutValues(error, sqlState),
    })
  }
  if (full.test(sqlState))
    return new AppError('storage.full', 'the database has no space for what was to be written', {
      cause: withoutValues(error, sqlState),
    })
  return new DatabaseError(sqlState, withoutValues(error, sqlState), textOf(error, 'constraint'))
}

/** Only the server gives a severity: EPIPE, a code of the system's, has five letters as well. */
function sqlStateOf(error: unknown): string | undefined {
  return textOf(error, 'severity') === undefined ? undefined : textOf(error, 'code')
}

function withoutValues(error: unknown, sqlState: string | undefined): Error {
  const named = ['schema', 'table', 'column', 'constraint', 'routine'].flatMap(key => {
    const name = textOf(error, key)
    return name === undefined ? [] : [`${key} ${name}`]
  })
  // Class 42 speaks of names and syntax, never of values; without a SQLSTATE the text is pg's or the system's own.
  const mayQuote = sqlState === undefined || sqlState.startsWith('42') || unreachable.test(sqlState)
  const said = mayQuote && error instanceof Error ? [error.message] : []
  const code = textOf(error, 'code')
  const text = [sqlState ?? 'no answer', ...said, ...named].join(', ')
  return Object.assign(new Error(text), code !== undefined && { code })
}

function textOf(error: unknown, key: string): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  const value: unknown = Reflect.get(error, key)
  return typeof value === 'string' && value !== '' ? value : undefined
}
