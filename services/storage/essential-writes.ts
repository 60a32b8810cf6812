import type { Database } from './database.ts'

/**
 * The same database for rows of a few bytes without which nobody could even read, such as a session: they are written also
 * when there is no space for anything else.
 */
export function essentialWrites(database: Database, isFull: () => boolean): Database {
  const transaction: Database['transaction'] = (work, options) =>
    database.transaction(work, { ...options, essential: true })
  return {
    ...database,
    transaction,
    // A single statement has no right of its own to write.
    query: (sql, values) => (isFull() ? transaction(tx => tx.query(sql, values)) : database.query(sql, values)),
  }
}
