import { createHash } from 'node:crypto'
import type { Translators } from '../locales/translator.ts'
import { languages, type Language } from '../services/language.ts'
import type { ServiceWording, Wording } from './turn-scope.ts'

export interface WordingSettings {
  readonly portalUrl: string
  readonly service: ServiceWording
  readonly cndpReference: string | undefined
}

/** What the foundation has set, in both languages; what it has not is said to be missing, never invented. */
export function createWording({ portalUrl, service, ...settings }: WordingSettings, translators: Translators): Wording {
  const unset = (language: Language) => translators[language].t('notice.unset.cndpReference')
  const cndpReference = { fr: settings.cndpReference ?? unset('fr'), ar: settings.cndpReference ?? unset('ar') }
  const { contact, retention, address, telephone, hours, bring } = service
  const texts = languages.map(language =>
    translators[language].t('consent.notice', {
      contact: contact[language],
      retention: retention[language],
      cndpReference: cndpReference[language],
    }),
  )
  const noticeVersion = createHash('sha256').update(texts.join('\n')).digest('hex').slice(0, 12)
  return { portalUrl, contact, retention, address, telephone, hours, bring, cndpReference, noticeVersion }
}
