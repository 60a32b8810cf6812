import { createHash } from 'node:crypto'
import type { Translators } from '../locales/translator.ts'
import type { Wording } from './turn-scope.ts'

export interface WordingSettings {
  readonly portalUrl: string
  readonly notice: {
    readonly contact: string | undefined
    readonly retention: string | undefined
    readonly cndpReference: string | undefined
  }
}

/** What the foundation has set, in both languages; what it has not is said to be missing, never invented. */
export function createWording({ portalUrl, notice }: WordingSettings, translators: Translators): Wording {
  const { fr, ar } = translators
  const both = (name: keyof WordingSettings['notice']) => ({
    fr: notice[name] ?? fr.t(`notice.unset.${name}`),
    ar: notice[name] ?? ar.t(`notice.unset.${name}`),
  })
  const filled = { contact: both('contact'), retention: both('retention'), cndpReference: both('cndpReference') }
  const texts = (['fr', 'ar'] as const).map(language => {
    const values = Object.fromEntries(Object.entries(filled).map(([name, texts]) => [name, texts[language]]))
    return translators[language].t('consent.notice', values)
  })
  const noticeVersion = createHash('sha256').update(texts.join('\n')).digest('hex').slice(0, 12)
  return { portalUrl, ...filled, noticeVersion }
}
