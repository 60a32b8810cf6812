import { ComponentDialog, WaterfallDialog, type DialogTurnResult, type WaterfallStepContext } from 'botbuilder-dialogs'
import { nextStep, steps, type Step } from '../services/drafts/draft.ts'
import { NUMBER_PLACEHOLDER } from '../services/requests/dossier.ts'
import { closeAsked, tell } from './ask.ts'
import { receipt } from './cards/receipt.ts'
import { openDraft } from './open-draft.ts'
import { QuestionPrompt } from './prompts/question-prompt.ts'
import { questions } from './questions/all-questions.ts'
import { refreshDraft } from './refresh-draft.ts'
import { say, scopeOf } from './turn-scope.ts'

export const REQUEST_DIALOG = 'request'
const STEPS = 'steps'

async function askIfNext(step: WaterfallStepContext, name: Step): Promise<DialogTurnResult> {
  return nextStep(openDraft(scopeOf(step.context))) === name ? step.prompt(name, {}) : step.next()
}

async function refresh(step: WaterfallStepContext): Promise<DialogTurnResult> {
  const scope = scopeOf(step.context)
  const changed = refreshDraft(scope)
  if (changed) await tell(step.context, say(scope, changed))
  return step.next()
}

async function submitOrGoOn(step: WaterfallStepContext): Promise<DialogTurnResult> {
  const scope = scopeOf(step.context)
  if (!scope.submission) return step.replaceDialog(STEPS)
  await closeAsked(step.context, say(scope, 'answered.submitted', { reference: NUMBER_PLACEHOLDER }))
  scope.draft.submitted()
  await step.context.sendActivity(receipt(scope, NUMBER_PLACEHOLDER))
  return step.endDialog()
}

/**
 * The request: RIB, beneficiary, motif, PDF, review, submit. Each step asks when its answer is the next one missing and
 * passes otherwise; the last one begins again until the request is submitted. So a stored step number carries no meaning,
 * and a waterfall that a redeploy has reordered lands on the right question.
 */
export class RequestDialog extends ComponentDialog {
  constructor() {
    super(REQUEST_DIALOG)
    const asked = {
      consent: (step: WaterfallStepContext) => askIfNext(step, 'consent'),
      rib: (step: WaterfallStepContext) => askIfNext(step, 'rib'),
      beneficiary: (step: WaterfallStepContext) => askIfNext(step, 'beneficiary'),
      person: (step: WaterfallStepContext) => askIfNext(step, 'person'),
      motif: (step: WaterfallStepContext) => askIfNext(step, 'motif'),
      document: (step: WaterfallStepContext) => askIfNext(step, 'document'),
      review: (step: WaterfallStepContext) => askIfNext(step, 'review'),
    } satisfies Record<Step, unknown>
    this.addDialog(new WaterfallDialog(STEPS, [refresh, ...steps.map(name => asked[name]), submitOrGoOn]))
    for (const name of steps) this.addDialog(new QuestionPrompt(questions[name]))
  }
}
