import type { Activity } from 'botframework-schema'
import type { DossierSummary } from '../../services/requests/dossier.ts'
import type { HistoryPage } from '../../services/requests/history.ts'
import { chips } from '../chips.ts'
import { commandOf } from '../token.ts'
import { say, voiceOf, type TurnScope } from '../turn-scope.ts'
import { adaptiveCard, buttons, heading, number, paragraph, remark, type CardElement } from './adaptive-card.ts'

function entry(scope: TurnScope, dossier: DossierSummary): CardElement {
  const who = say(scope, `beneficiary.${dossier.beneficiary}`)
  const person = dossier.personName ? ` · \u2068${dossier.personName}\u2069` : ''
  const date = say(scope, 'history.submittedOn', { date: voiceOf(scope).date(dossier.submittedAt) })
  return {
    type: 'Container',
    separator: true,
    items: [
      number(dossier.number),
      ...(scope.policy.takesHealthData ? [paragraph(say(scope, `motif.${dossier.motif}.title`))] : []),
      paragraph(`${who}${person}`),
      remark(`${date} · ${say(scope, `status.${dossier.status}`)}`),
    ],
  }
}

/** One page of a member's requests; *more* asks for the next one. */
export function historyCard(scope: TurnScope, page: HistoryPage, from: number): Partial<Activity> {
  const voice = voiceOf(scope)
  const next = from + page.dossiers.length
  const more =
    next < page.total
      ? [buttons([{ title: say(scope, 'history.more'), value: commandOf('history', String(next)) }])]
      : []
  const body = [
    heading(say(scope, 'history.title')),
    remark(say(scope, 'history.count', { count: page.total })),
    ...page.dossiers.map(dossier => entry(scope, dossier)),
    ...more,
  ]
  return {
    type: 'message',
    locale: voice.locale,
    attachments: [adaptiveCard(voice, body) as { contentType: string }],
    ...(!scope.draft.current && { suggestedActions: { to: [], actions: chips(scope, ['request', 'help']) } }),
  }
}
