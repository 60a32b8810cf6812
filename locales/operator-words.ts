import i18next from 'i18next'
import arOperator from './ar/operator.json' with { type: 'json' }
import frOperator from './fr/operator.json' with { type: 'json' }

type Leaves<T, Path extends string = ''> = {
  [K in keyof T & string]: T[K] extends string ? `${Path}${K}` : Leaves<T[K], `${Path}${K}.`>
}[keyof T & string]

/** Every sentence for those who run the service, by its place in `fr/operator.json`. */
type OperatorKey = Leaves<typeof frOperator>
export type OperatorWords = (key: OperatorKey, values?: Readonly<Record<string, string | number>>) => string

export function createOperatorWords(language: 'fr' | 'ar'): OperatorWords {
  const texts = i18next.createInstance()
  void texts.init({
    lng: language,
    initAsync: false,
    fallbackLng: false,
    resources: { fr: { translation: frOperator }, ar: { translation: arOperator } },
    interpolation: { escapeValue: false },
  })
  return (key, values) => texts.t(key, { ...values })
}
