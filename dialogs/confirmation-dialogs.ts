import type { Dialog, DialogInstance, DialogTurnResult } from 'botbuilder-dialogs/lib/dialog.js'
import { WaterfallDialog } from 'botbuilder-dialogs/lib/waterfallDialog.js'
import type { WaterfallStepContext } from 'botbuilder-dialogs/lib/waterfallStepContext.js'
import { restart } from '../services/drafts/draft.ts'
import { tell } from './ask.ts'
import { openDraft } from './open-draft.ts'
import { tellMenu } from './menu.ts'
import { asked, QuestionPrompt } from './prompts/question-prompt.ts'
import { decisionOn, isConfirmation, type ConfirmationName } from './questions/confirmation.ts'
import { questions } from './questions/all-questions.ts'
import { REQUEST_DIALOG } from './request-dialog.ts'
import type { QuestionName } from './token.ts'
import { say, scopeOf } from './turn-scope.ts'

export const CANCEL_DIALOG = 'cancelling'
export const RESTART_DIALOG = 'restarting'
export const RESUME_DIALOG = 'resuming'

const dialogs: Readonly<Record<ConfirmationName, string>> = {
  cancel: CANCEL_DIALOG,
  restart: RESTART_DIALOG,
  resume: RESUME_DIALOG,
}

/** The dialog of a question that is asked beside the request, if it is one. */
export function confirmationOf(question: QuestionName | undefined): string | undefined {
  return isConfirmation(question) ? dialogs[question] : undefined
}

/** The dialogs as they stand once this is asked. */
export function confirmationAt(question: ConfirmationName): DialogInstance[] {
  return [{ id: dialogs[question], state: { options: {}, values: {}, stepIndex: 0 } }, asked(question)]
}

type Act = (step: WaterfallStepContext) => Promise<DialogTurnResult>

async function beginRequest(step: WaterfallStepContext): Promise<DialogTurnResult> {
  await step.cancelAllDialogs()
  return step.beginDialog(REQUEST_DIALOG)
}

const cancelled: Act = async step => {
  const scope = scopeOf(step.context)
  if (decisionOn('cancel', scope) === 'no') return beginRequest(step)
  scope.draft.abandon()
  const result = await step.cancelAllDialogs()
  await tellMenu(step.context, say(scope, 'cancel.done'))
  return result
}

const restarted: Act = async step => {
  const scope = scopeOf(step.context)
  if (decisionOn('restart', scope) === 'no') return beginRequest(step)
  scope.draft.change(restart(openDraft(scope)))
  await tell(step.context, say(scope, 'restart.done'))
  return beginRequest(step)
}

const resumed: Act = async step => {
  const scope = scopeOf(step.context)
  if (decisionOn('resume', scope) === 'yes') return beginRequest(step)
  scope.draft.change(restart(openDraft(scope)))
  await tell(step.context, say(scope, 'restart.done'))
  return beginRequest(step)
}

function confirmed(id: string, question: ConfirmationName, act: Act): Dialog[] {
  const asks = (step: WaterfallStepContext) => step.beginDialog(question)
  return [new WaterfallDialog(id, [asks, act]), new QuestionPrompt(questions[question])]
}

/** What is asked before something is thrown away, and on the return to a request that was left. */
export function confirmationDialogs(): Dialog[] {
  return [
    ...confirmed(CANCEL_DIALOG, 'cancel', cancelled),
    ...confirmed(RESTART_DIALOG, 'restart', restarted),
    ...confirmed(RESUME_DIALOG, 'resume', resumed),
  ]
}
