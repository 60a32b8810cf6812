import type { TurnContext } from 'botbuilder-core'
import type { Dialog, DialogInstance, DialogReason, DialogTurnResult } from 'botbuilder-dialogs/lib/dialog.js'
import type { DialogContext } from 'botbuilder-dialogs/lib/dialogContext.js'
import { WaterfallDialog } from 'botbuilder-dialogs/lib/waterfallDialog.js'
import type { WaterfallStepContext } from 'botbuilder-dialogs/lib/waterfallStepContext.js'
import { nextStep, steps, type Step } from '../services/drafts/draft.ts'
import { NUMBER_PLACEHOLDER } from '../services/requests/dossier.ts'
import { closeAsked, tell } from './ask.ts'
import { receipt } from './cards/receipt.ts'
import { openDraft } from './open-draft.ts'
import { asked, QuestionPrompt } from './prompts/question-prompt.ts'
import { questions } from './questions/all-questions.ts'
import { refreshDraft } from './refresh-draft.ts'
import { say, scopeOf } from './turn-scope.ts'

export const REQUEST_DIALOG = 'request'

const questionOf = (name: Step) => (step: WaterfallStepContext) => step.beginDialog(name)

async function submit(step: WaterfallStepContext): Promise<DialogTurnResult> {
  const scope = scopeOf(step.context)
  await closeAsked(step.context, say(scope, 'answered.submitted', { reference: NUMBER_PLACEHOLDER }))
  scope.draft.submitted()
  await step.context.sendActivity(receipt(scope, NUMBER_PLACEHOLDER))
  return step.endDialog()
}

const SUBMIT = steps.length
const placeOf = (name: Step): number => steps.indexOf(name)

/** The step whose answer is missing next; said first what the register no longer bears out, for that is asked again. */
async function placeNow(context: TurnContext): Promise<number> {
  const scope = scopeOf(context)
  if (scope.submission) return SUBMIT
  const changed = refreshDraft(scope)
  if (changed) await tell(context, say(scope, changed))
  return placeOf(nextStep(openDraft(scope)))
}

/**
 * The request: RIB, beneficiary, motif, PDF, review, submit. From the beginning and from every answer straight to the
 * question that is next, until the request is submitted. No step number is ever stored, so that a waterfall that a redeploy
 * has reordered lands on the right question.
 */
class RequestDialog extends WaterfallDialog {
  constructor() {
    super(REQUEST_DIALOG, [...steps.map(questionOf), submit])
  }

  protected override async runStep(dc: DialogContext, ...[, reason, result]: Following): Promise<DialogTurnResult> {
    return super.runStep(dc, await placeNow(dc.context), reason, result)
  }
}

type Following = [index: number, reason: DialogReason, result?: unknown]

/** The dialogs as they stand once this question is asked: it takes the answer, whatever has changed since. */
export function requestAt(name: Step): DialogInstance[] {
  return [{ id: REQUEST_DIALOG, state: { options: {}, values: {}, stepIndex: placeOf(name) } }, asked(name)]
}

/** Side by side in the root set, not in a component: each of the library's contexts costs 10 KB a turn. */
export function requestDialogs(): Dialog[] {
  return [new RequestDialog(), ...steps.map(name => new QuestionPrompt(questions[name]))]
}
