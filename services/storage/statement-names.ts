import type { NameOf } from './sql-database.ts'

/** So many different texts are kept prepared, some 20 KB each; whoever puts values into texts does not fill the memory. */
const limit = 300

/**
 * Lets the database parse and plan each text once: of a turn on the embedded database that is a third of the work. A pooler
 * in between must know prepared statements (PgBouncer from 1.21, `max_prepared_statements`).
 */
export function createStatementNames(): NameOf {
  const names = new Map<string, string>()
  return text => {
    const known = names.get(text)
    if (known !== undefined || names.size >= limit) return known
    const name = `s${names.size}`
    names.set(text, name)
    return name
  }
}
