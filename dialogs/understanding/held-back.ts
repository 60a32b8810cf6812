import heldBack from './lexicon/held-back.json' with { type: 'json' }
import { normalize } from './normalize.ts'
import type { Reading } from './reading.ts'

/** The circumfix of Darija, around a word that we may not know: "ma goltch", ما غاديش. */
const DENIED = /^(?:ma|m)?[a-z0-9]{3,}chi?$|^(?:ما|م)?[\u0620-\u06ff]{3,}ش$/u
const DENIAL = new Set(['ma', 'ما'])

let words: ReadonlySet<string> | undefined

/** Whether a text puts off, complains or denies by words that say nothing else to us. It tells only what not to propose. */
export function holdsBack(reading: Pick<Reading, 'words'>): boolean {
  words ??= new Set(Object.values(heldBack).flat().map(normalize))
  const known = words
  return reading.words.some((word, at) => known.has(word) || isDenied(word, reading.words[at - 1]))
}

const isDenied = (word: string, before: string | undefined): boolean =>
  DENIED.test(word) && (DENIAL.has(before ?? '') || /^(?:ma|ما)/u.test(word))
