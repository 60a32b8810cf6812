import type { NameOf } from '../sql-database.ts'

/** So many different texts are kept prepared, some 20 KB each; whoever puts values into texts does not fill the memory. */
const limit = 300

/**
 * Lets the database parse and plan each text once: without a server of its own that is a third of a turn's work in this
 * process.
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
