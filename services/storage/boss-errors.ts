import { z } from 'zod'
import { AppError, DatabaseError } from '../errors.ts'

/** pg-boss hands on copies of what it caught, which are of no class any more; their `code` is ours, or PostgreSQL's. */
const copied = z.object({ code: z.string() })
const ours = /^[a-z-]+\.[a-z-]+$/
/** By its classes: EPIPE, a code of the system's, has five letters as well. */
const sqlState = /^(?:[0-5][0-9A-Z]|F0|HV|P0|XX)[0-9A-Z]{3}$/

/** What broke, as a code that says nothing of anybody: one of ours, `database.failed.<SQLSTATE>`, or `invariant`. */
export function bossErrorCode(error: unknown): string {
  if (error instanceof DatabaseError) return `${error.code}.${error.sqlState}`
  if (error instanceof AppError) return error.code
  const { code } = copied.safeParse(error).data ?? {}
  if (code === undefined) return 'invariant'
  if (sqlState.test(code)) return `database.failed.${code}`
  return ours.test(code) ? code : 'invariant'
}
