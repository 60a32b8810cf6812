import reported from './lexicon/reported.json' with { type: 'json' }
import { normalize } from './normalize.ts'
import type { Reading } from './reading.ts'

let words: ReadonlySet<string> | undefined

/** Whether somebody else is quoted: « mon mari dit d'annuler », كيقول ليك صيفط. */
export function reports(reading: Pick<Reading, 'words'>): boolean {
  words ??= new Set(Object.values(reported).flat().map(normalize))
  const known = words
  return reading.words.some(word => known.has(word))
}
