import type { Activity } from 'botframework-schema'
import type { StatusChange } from '../../services/requests/history.ts'
import { chips, commandChips, waitingChips } from '../chips.ts'
import { isAsked } from '../standing.ts'
import { say, voiceOf, type TurnScope } from '../turn-scope.ts'
import { adaptiveCard, heading, number, paragraph } from './adaptive-card.ts'

/**
 * A dossier has a new status. The heading, which a notification shows on a locked screen, says nothing of what it is.
 */
export function statusCard(scope: TurnScope, { number: reference, status }: StatusChange): Partial<Activity> {
  const voice = voiceOf(scope)
  const contact = scope.wording.contact[scope.language]
  const body = [
    heading(say(scope, 'statusChange.title')),
    number(reference),
    paragraph(say(scope, 'statusChange.now', { status: say(scope, `status.${status}`) })),
    paragraph(say(scope, `statusChange.next.${status}`, { contact })),
  ]
  return {
    type: 'message',
    locale: voice.locale,
    attachments: [adaptiveCard(voice, body) as { contentType: string }],
    suggestedActions: { to: [], actions: actions(scope) },
    ...(!scope.draft.current && { channelData: { moussaada: { step: null } } }),
  }
}

/** In the web chat only the last message shows its suggestions: those of the question that stands come along. */
function actions(scope: TurnScope) {
  const { asked } = scope.memory
  if (asked && !asked.closed && isAsked(scope))
    return scope.channel === 'webchat' ? commandChips(scope, asked.step) : chips(scope, ['history'])
  return scope.draft.current ? waitingChips(scope) : chips(scope, ['history', 'request', 'help'])
}
