import { AppError, DatabaseError, type ErrorCode } from './errors.ts'

/** SQLSTATEs, codes of the system and of Node; whatever else stands in a `code` may be anything. */
const codeShape = /^(?:[0-9A-Z]{5}|E[A-Z0-9_]{2,40}|MODULE_NOT_FOUND|UND_ERR_[A-Z_]{2,40})$/
const nameShape = /^[A-Za-z]\w{0,39}$/
/** Nobody nests deeper; an error may be its own cause. */
const MOST = 8

/** The one code of an error: ours, or `invariant` for what nobody foresaw. */
export const codeOf = (error: unknown): ErrorCode => (error instanceof AppError ? error.code : 'invariant')

/**
 * An error and what lies under it, as codes: never its text, which may quote what somebody wrote.
 * @returns such as `['database.unreachable', 'ECONNREFUSED']` or `['database.failed', '23514']`; the name of the class where
 *   there is no code
 */
export function causesOf(error: unknown): string[] {
  const found: string[] = []
  for (let each = error, depth = 0; isObject(each) && depth < MOST; each = under(each), depth++)
    for (const code of codesIn(each)) if (found.at(-1) !== code) found.push(code)
  return found
}

/** Where it broke: the whole stack of an error of ours; of others, whose text may quote a value, its name and its places. */
export function placeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  if (error instanceof AppError) return error.stack
  const places = (error.stack ?? '').split('\n').filter(line => /^\s+at /.test(line))
  return [nameOf(error), ...places].join('\n')
}

function codesIn(error: object): string[] {
  if (error instanceof DatabaseError) return [error.code, error.sqlState]
  if (error instanceof AppError) return [error.code]
  const code: unknown = Reflect.get(error, 'code')
  return [typeof code === 'string' && codeShape.test(code) ? code : nameOf(error)]
}

function nameOf(error: object): string {
  const name: unknown = Reflect.get(error, 'name')
  return typeof name === 'string' && nameShape.test(name) ? name : 'unknown'
}

/** Of several that failed together, such as the addresses of one host, the first one speaks for all. */
function under(error: object): unknown {
  return error instanceof AggregateError && error.cause === undefined ? error.errors[0] : Reflect.get(error, 'cause')
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
