import i18next, { type i18n } from 'i18next'
import frDialogs from './fr/dialogs.json' with { type: 'json' }
import arDialogs from './ar/dialogs.json' with { type: 'json' }

type Leaves<T, Path extends string = ''> = {
  [K in keyof T & string]: T[K] extends string ? `${Path}${K}` : Leaves<T[K], `${Path}${K}.`>
}[keyof T & string]
type PluralSuffix = 'zero' | 'one' | 'two' | 'few' | 'many' | 'other'
type BaseKey<Key extends string> = Key extends `${infer Base}_${PluralSuffix}` ? Base : Key

/** Every sentence, by its place in `fr/dialogs.json`; a plural by its base (`history.count`, with `count` among the values). */
export type MessageKey = BaseKey<Leaves<typeof frDialogs>>
export type Values = Readonly<Record<string, string | number>>

/** One language's voice. Dialogs are handed one and never name a language themselves. */
export interface Translator {
  readonly language: 'fr' | 'ar'
  /** BCP 47, for activities and `Intl`. */
  readonly locale: 'fr-MA' | 'ar-MA'
  readonly direction: 'ltr' | 'rtl'
  t(key: MessageKey, values?: Values): string
  /** « 24 novembre 2026 » in Africa/Casablanca. */
  date(at: Date): string
  /** Bytes as « 3,4 Mo ». */
  size(bytes: number): string
}

const timeZone = 'Africa/Casablanca'

function createTranslator(texts: i18n, language: 'fr' | 'ar'): Translator {
  const locale = language === 'fr' ? 'fr-MA' : 'ar-MA'
  const translate = texts.getFixedT(language)
  const plain = remembering(key => translate(key))
  const dates = atFirstUse(() => new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone }))
  // « Mo » is how French speakers write it; the Arabic short form م.ب. is hardly ever seen.
  const unitDisplay = language === 'fr' ? 'short' : 'long'
  const unit = { style: 'unit', unit: 'megabyte', unitDisplay, maximumFractionDigits: 1 } as const
  const sizes = atFirstUse(() => new Intl.NumberFormat(locale, unit))
  return {
    language,
    locale,
    direction: language === 'ar' ? 'rtl' : 'ltr',
    t: (key, values) => (values ? translate(key, { ...values }) : plain(key)),
    date: at => dates().format(at),
    size: bytes => sizes().format(Math.max(0.1, bytes / 1024 / 1024)),
  }
}

/** A format of `Intl` takes some 5 ms to make, and a start needs none. */
function atFirstUse<T>(make: () => T): () => T {
  let made: T | undefined
  return () => (made ??= make())
}

/** Every turn says dozens of sentences that have no values; there are but some hundreds of them. */
function remembering(say: (key: MessageKey) => string): (key: MessageKey) => string {
  const said = new Map<MessageKey, string>()
  return key => {
    const known = said.get(key) ?? say(key)
    said.set(key, known)
    return known
  }
}

export type Translators = Readonly<Record<'fr' | 'ar', Translator>>

/** Both languages. There is no fallback from one to the other: parity is checked before anything is committed. */
export function createTranslators(): Translators {
  const texts = i18next.createInstance()
  void texts.init({
    lng: 'fr',
    initAsync: false,
    fallbackLng: false,
    resources: { fr: { translation: frDialogs }, ar: { translation: arDialogs } },
    interpolation: { escapeValue: false },
  })
  return { fr: createTranslator(texts, 'fr'), ar: createTranslator(texts, 'ar') }
}
