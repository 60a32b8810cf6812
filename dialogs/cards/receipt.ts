import type { Activity } from 'botframework-schema'
import { chips } from '../chips.ts'
import { say, voiceOf, type TurnScope } from '../turn-scope.ts'
import { adaptiveCard, heading, number, paragraph, remark } from './adaptive-card.ts'

/** The end of a request: created, its number, and where it is followed. */
export function receipt(scope: TurnScope, reference: string): Partial<Activity> {
  const voice = voiceOf(scope)
  const body = [
    heading(`✓ ${say(scope, 'submit.success')}`),
    remark(say(scope, 'submit.numberLabel')),
    number(reference),
    paragraph(say(scope, 'submit.next')),
  ]
  return {
    type: 'message',
    locale: voice.locale,
    attachments: [adaptiveCard(voice, body) as { contentType: string }],
    suggestedActions: { to: [], actions: chips(scope, ['history', 'request', 'help']) },
    channelData: { moussaada: { step: null } },
  }
}
