import i18next from 'i18next'
import arMail from './ar/mail.json' with { type: 'json' }
import frMail from './fr/mail.json' with { type: 'json' }

type Leaves<T, Path extends string = ''> = {
  [K in keyof T & string]: T[K] extends string ? `${Path}${K}` : Leaves<T[K], `${Path}${K}.`>
}[keyof T & string]

/** Every sentence of a mail, by its place in `fr/mail.json`. Values go in as they are: who builds HTML escapes the whole. */
type MailKey = Leaves<typeof frMail>
export type MailWords = (key: MailKey, values?: Readonly<Record<string, string>>) => string

export function createMailWords(language: 'fr' | 'ar'): MailWords {
  const texts = i18next.createInstance()
  void texts.init({
    lng: language,
    initAsync: false,
    fallbackLng: false,
    resources: { fr: { translation: frMail }, ar: { translation: arMail } },
    interpolation: { escapeValue: false },
  })
  return (key, values) => texts.t(key, { ...values })
}
