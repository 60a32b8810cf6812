import type { DialogContext } from 'botbuilder-dialogs/lib/dialogContext.js'
import { hasAnswers } from '../services/drafts/draft.ts'
import { tell } from './ask.ts'
import { statusCard } from './cards/status-card.ts'
import { RESUME_DIALOG } from './confirmation-dialogs.ts'
import type { IncomingMessage } from './incoming-message.ts'
import { say, scopeOf } from './turn-scope.ts'

type Unasked = Extract<IncomingMessage, { kind: 'proactive' }>['notice']

/** Tells a member what they have not asked for. What is no longer so is told no more. */
export async function tellUnasked(dc: DialogContext): Promise<void> {
  const { message } = scopeOf(dc.context)
  if (message.kind !== 'proactive') return
  switch (message.notice.kind) {
    case 'dossierStatus':
      return tellStatus(dc, message.notice)
    case 'draftReminder':
      return remind(dc, message.notice)
  }
}

async function welcome(dc: DialogContext, { opens }: Unasked): Promise<void> {
  const scope = scopeOf(dc.context)
  if (opens) await tell(dc.context, say(scope, 'greeting.welcome', { name: scope.member.name }))
}

/** Beside the question that stands, whose buttons stay as they are. */
async function tellStatus(dc: DialogContext, notice: Unasked): Promise<void> {
  const scope = scopeOf(dc.context)
  const change = await scope.history.statusChange(scope.member.id, notice.subject)
  if (!change) return
  await welcome(dc, notice)
  await dc.context.sendActivity(statusCard(scope, change))
}

async function remind(dc: DialogContext, notice: Unasked): Promise<void> {
  const scope = scopeOf(dc.context)
  const draft = scope.draft.current
  const isAsLeft = draft && draft.id === notice.subject && draft.version === notice.version
  if (!isAsLeft || !hasAnswers(draft)) return
  await welcome(dc, notice)
  await tell(dc.context, say(scope, notice.opens ? 'reminder.kept' : 'reminder.hello', { name: scope.member.name }))
  await dc.beginDialog(RESUME_DIALOG)
}
