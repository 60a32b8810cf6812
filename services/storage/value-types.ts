import pg from 'pg'
import type { CustomTypesConfig } from 'pg'
import { AppError } from '../errors.ts'

const keepText = (text: string): string => text

function parseInt8(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new AppError('invariant', 'an int8 does not fit a number')
  return value
}

/** pg would give a Buffer: a plain Uint8Array compares and travels alike everywhere. */
function parseBytea(text: string): Uint8Array {
  // Memory of its own: a Buffer's may be part of a pool that others are in.
  const bytes = Buffer.allocUnsafeSlow((text.length - 2) / 2)
  bytes.write(text.slice(2), 'hex')
  return new Uint8Array(bytes.buffer)
}

/** By type oid, only where we differ from pg: see `Queryable`. `date` and `timestamp` have no time zone and stay text. */
const parsers = new Map<number, (text: string) => unknown>([
  [20, parseInt8],
  [17, parseBytea],
  [1082, keepText],
  [1114, keepText],
])

/** How values of rows become JavaScript's. */
export const valueTypes: CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    (format === 'binary' ? undefined : parsers.get(oid)) ?? pg.types.getTypeParser(oid, format),
}
