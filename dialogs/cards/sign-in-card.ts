import type { ActivityBody } from '../../services/conversations/activity.ts'
import type { Translator } from '../../locales/translator.ts'
import { adaptiveCard, cardContentType, paragraph, remark } from './adaptive-card.ts'

/**
 * The one card that opens a page: a password is given to the foundation's own site and never to a chat, and no
 * `Action.Submit` leads there. @param url holds the secret of this chat's link
 */
export function signInCard(voice: Translator, url: string): ActivityBody {
  const button = voice.t('teams.signInButton')
  const opening = { type: 'ActionSet', actions: [{ type: 'Action.OpenUrl', title: button, url, style: 'positive' }] }
  const body = [paragraph(voice.t('teams.signIn', { button })), opening, remark(voice.t('teams.signInSafety'))]
  const { content } = adaptiveCard(voice, body)
  return { type: 'message', locale: voice.locale, attachments: [{ contentType: cardContentType, content }] }
}
