import { ComponentDialog } from 'botbuilder-dialogs/lib/componentDialog.js'
import { DialogReason, type DialogInstance, type DialogTurnResult } from 'botbuilder-dialogs/lib/dialog.js'
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
import { say, scopeOf, type TurnScope } from './turn-scope.ts'

export const REQUEST_DIALOG = 'request'
const STEPS = 'steps'

const questionOf = (name: Step) => (step: WaterfallStepContext) => step.beginDialog(name)

async function refresh(step: WaterfallStepContext): Promise<DialogTurnResult> {
  const scope = scopeOf(step.context)
  const changed = refreshDraft(scope)
  if (changed) await tell(step.context, say(scope, changed))
  return step.next()
}

async function submit(step: WaterfallStepContext): Promise<DialogTurnResult> {
  const scope = scopeOf(step.context)
  await closeAsked(step.context, say(scope, 'answered.submitted', { reference: NUMBER_PLACEHOLDER }))
  scope.draft.submitted()
  await step.context.sendActivity(receipt(scope, NUMBER_PLACEHOLDER))
  return step.endDialog()
}

const REFRESH = 0
const SUBMIT = steps.length + 1
const placeOf = (name: Step): number => steps.indexOf(name) + 1

/** Straight to the question that is next, and from its answer to the first step again, until the request is submitted. */
class RequestSteps extends WaterfallDialog {
  constructor() {
    super(STEPS, [refresh, ...steps.map(questionOf), submit])
  }

  protected override runStep(dc: DialogContext, ...[, reason, result]: Following): Promise<DialogTurnResult> {
    return super.runStep(dc, placeAfter(scopeOf(dc.context), reason), reason, result)
  }
}

type Following = [index: number, reason: DialogReason, result?: unknown]

function placeAfter(scope: TurnScope, reason: DialogReason): number {
  if (reason === DialogReason.nextCalled) return placeOf(nextStep(openDraft(scope)))
  return scope.submission ? SUBMIT : REFRESH
}

/** The dialogs as they stand once this question is asked: it takes the answer, whatever has changed since. */
export function requestAt(name: Step): DialogInstance[] {
  const state = { options: {}, values: {}, stepIndex: placeOf(name) }
  const dialogStack = [{ id: STEPS, state }, asked(name)]
  return [{ id: REQUEST_DIALOG, state: { dialogs: { dialogStack } } }]
}

/**
 * The request: RIB, beneficiary, motif, PDF, review, submit. Each step asks when its answer is the next one missing and
 * is passed otherwise; the last one begins again until the request is submitted. No step number is ever stored, so that a
 * waterfall that a redeploy has reordered lands on the right question.
 */
export class RequestDialog extends ComponentDialog {
  constructor() {
    super(REQUEST_DIALOG)
    this.addDialog(new RequestSteps())
    for (const name of steps) this.addDialog(new QuestionPrompt(questions[name]))
  }
}
