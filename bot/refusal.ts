import { AppError, DatabaseError } from '../services/errors.ts'
import { causesOf, placeOf } from '../services/failure.ts'
import type { Log } from '../services/log.ts'

/** What PostgreSQL means by its refusal, by SQLSTATE. */
const refusals: Readonly<Record<string, string>> = {
  '28000': 'PostgreSQL refuses the login of DATABASE_URL',
  '28P01': 'PostgreSQL refuses the login of DATABASE_URL',
  '3D000': 'DATABASE_URL names a database that does not exist',
  '42501': 'the account of DATABASE_URL lacks a right that the server needs: it must own its database',
}

/**
 * Why the server does not start, in one line for whoever started it: a code, a sentence, and the codes of what lies
 * under it. Never a value of a setting.
 */
export function refusalLine(error: unknown): string {
  const [code, ...under] = error instanceof AppError ? causesOf(error) : ['start.failed', ...causesOf(error)]
  const causes = under.length > 0 ? ` (${under.join(', ')})` : ''
  return `${code}: ${textOf(error)}${causes}`
}

/** What no sentence explains is for whoever mends this program. */
export function logFault(log: Log, error: unknown): void {
  if (error instanceof AppError || isSystemError(error)) return
  log.error('start.failed', { causes: causesOf(error), cause: placeOf(error) })
}

function textOf(error: unknown): string {
  if (error instanceof DatabaseError) return refusals[error.sqlState] ?? error.message
  if (error instanceof AppError) return error.message
  return isSystemError(error) ? error.message : 'a fault of this program: its log has the place on standard output'
}

/** Such as `listen EADDRINUSE: address already in use 127.0.0.1:3978`; what others say may quote anything. */
const isSystemError = (error: unknown): error is Error => error instanceof Error && 'syscall' in error
