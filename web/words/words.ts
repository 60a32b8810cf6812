import type fr from '../../locales/fr/web.json'
import type { Language } from '../../services/language.ts'
import { keepSignsTogether } from './typography.ts'

type Book = typeof fr
type Leaf<T, Path extends string = ''> = {
  [Key in keyof T & string]: T[Key] extends string ? `${Path}${Key}` : Leaf<T[Key], `${Path}${Key}.`>
}[keyof T & string]
type PluralOf<Key> = Key extends `${infer Base}_${'zero' | 'one' | 'many' | 'other'}` ? Base : never

export type WordKey = Exclude<Leaf<Book>, `${string}_${'zero' | 'one' | 'many' | 'other'}`>
export type CountKey = PluralOf<Leaf<Book>>
export type Values = Readonly<Record<string, string | number>>

/** The sentences of one language. `say` and `count` throw for a key that the book lacks: a missing sentence is a broken build. */
export type Words = {
  readonly language: Language
  readonly tag: string
  readonly direction: 'ltr' | 'rtl'
  readonly say: (key: WordKey, values?: Values) => string
  readonly count: (key: CountKey, count: number) => string
}

const tags = { fr: 'fr-MA', ar: 'ar-MA' } as const

function sentenceAt(book: unknown, key: string): string | undefined {
  const found = key.split('.').reduce<unknown>((at, part) => (isRecord(at) ? at[part] : undefined), book)
  return typeof found === 'string' ? found : undefined
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

const fill = (sentence: string, values: Values): string =>
  sentence.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? ''))

export function createWords(language: Language, book: unknown): Words {
  const plural = new Intl.PluralRules(tags[language])
  const say = (key: string, values: Values = {}): string => {
    const sentence = sentenceAt(book, key)
    if (sentence === undefined) throw new Error(`no sentence for ${key} in ${language}`)
    return keepSignsTogether(fill(sentence, values), language)
  }
  return {
    language,
    tag: tags[language],
    direction: language === 'ar' ? 'rtl' : 'ltr',
    say,
    count: (key, count) => say(`${key}_${count === 0 ? 'zero' : plural.select(count)}`, { count }),
  }
}

/** A size for people: megabytes with at most one decimal, kilobytes below one megabyte. */
export function formatSize(words: Words, bytes: number): string {
  const big = bytes >= 1024 * 1024
  const value = big ? Math.round((bytes / 1024 / 1024) * 10) / 10 : Math.max(1, Math.round(bytes / 1024))
  const number = new Intl.NumberFormat(words.tag).format(value)
  return `${number}\u00A0${words.say(big ? 'widget.megabytes' : 'widget.kilobytes')}`
}
