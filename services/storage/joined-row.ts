import type { Row } from './database.ts'

/** The columns of one table among several, under names that `part` tells apart. */
export function columnsOf(alias: string, columns: readonly string[]): string {
  return columns.map(column => `${alias}.${column} as "${alias}.${column}"`).join(', ')
}

/** What one table gave to a joined row; undefined when an outer join found nothing, which its `key` shows. */
export function part(row: Row, alias: string, key = 'id'): Row | undefined {
  const prefix = `${alias}.`
  if (row[prefix + key] === null) return undefined
  const found: Row = {}
  // Not `entries`: every turn comes by here, and an array for each column is a fiftieth of what it allocates.
  for (const name of Object.keys(row)) {
    if (name.startsWith(prefix)) found[name.slice(prefix.length)] = row[name]
  }
  return found
}
