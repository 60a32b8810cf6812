import { readFileSync } from 'node:fs'
import { createWords } from '../../web/words/words.ts'
import type { Values, WordKey } from '../../web/words/words.ts'

const read = (language: 'fr' | 'ar', file: string): unknown =>
  JSON.parse(readFileSync(`locales/${language}/${file}.json`, 'utf8'))

const books = {
  fr: createWords('fr', read('fr', 'web')),
  ar: createWords('ar', read('ar', 'web')),
}

/** A sentence of the pages. */
export const words = (language: 'fr' | 'ar', key: WordKey, values?: Values): string => books[language].say(key, values)

/** A sentence of the assistant, as its file has it; for tests that look for buttons and questions. */
export function dialogWords(language: 'fr' | 'ar', key: string): string {
  const found = key
    .split('.')
    .reduce<unknown>(
      (at, part) => (typeof at === 'object' && at !== null ? Reflect.get(at, part) : undefined),
      read(language, 'dialogs'),
    )
  if (typeof found !== 'string') throw new Error(`no sentence ${key}`)
  return found
}
