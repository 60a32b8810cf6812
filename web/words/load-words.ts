import type { Language } from '../../services/language.ts'
import { createWords } from './words.ts'
import type { Words } from './words.ts'

const books = {
  fr: () => import('../../locales/fr/web.json'),
  ar: () => import('../../locales/ar/web.json'),
} satisfies Record<Language, () => Promise<unknown>>

/** Fetches one language's sentences, each a file of its own: a thin line carries only the one that is read. */
export async function loadWords(language: Language): Promise<Words> {
  const module = await books[language]()
  return createWords(language, module.default)
}
