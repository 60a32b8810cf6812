import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import { readServiceFile } from '../../config/service-file.ts'

/** A file as a foundation has filled it in, for a server without demo data. */
export const filledServiceFile = fileURLToPath(new URL('service.json', import.meta.url))

/** What comes with the project. */
export function demoFacts() {
  const problems: string[] = []
  const facts = readServiceFile(undefined, problems)
  assert.ok(facts, problems.join('\n'))
  return facts
}
