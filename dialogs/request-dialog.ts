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

/** Where the request was left: that question takes the answer, whatever has changed since. */
export interface TakenUp {
  readonly at?: Step
}

type RequestStep = WaterfallStepContext<TakenUp>

async function askIfNext(step: RequestStep, name: Step): Promise<DialogTurnResult> {
  const next = step.options.at ?? nextStep(openDraft(scopeOf(step.context)))
  return next === name ? step.prompt(name, {}) : step.next()
}

async function refresh(step: RequestStep): Promise<DialogTurnResult> {
  if (step.options.at) return step.next()
  const scope = scopeOf(step.context)
  const changed = refreshDraft(scope)
  if (changed) await tell(step.context, say(scope, changed))
  return step.next()
}

async function submitOrGoOn(step: RequestStep): Promise<DialogTurnResult> {
  const scope = scopeOf(step.context)
  if (!scope.submission) return step.replaceDialog(STEPS)
  await closeAsked(step.context, say(scope, 'answered.submitted', { reference: NUMBER_PLACEHOLDER }))
  scope.draft.submitted()
  await step.context.sendActivity(receipt(scope, NUMBER_PLACEHOLDER))
  return step.endDialog()
}

/**
 * The request: RIB, beneficiary, motif, PDF, review, submit. Each step asks when its answer is the next one missing and
 * passes otherwise; the last one begins again until the request is submitted. No step number is ever stored, so that a
 * waterfall that a redeploy has reordered lands on the right question.
 */
export class RequestDialog extends ComponentDialog {
  constructor() {
    super(REQUEST_DIALOG)
    const asked = {
      consent: (step: RequestStep) => askIfNext(step, 'consent'),
      rib: (step: RequestStep) => askIfNext(step, 'rib'),
      beneficiary: (step: RequestStep) => askIfNext(step, 'beneficiary'),
      person: (step: RequestStep) => askIfNext(step, 'person'),
      motif: (step: RequestStep) => askIfNext(step, 'motif'),
      document: (step: RequestStep) => askIfNext(step, 'document'),
      review: (step: RequestStep) => askIfNext(step, 'review'),
    } satisfies Record<Step, unknown>
    this.addDialog(new WaterfallDialog(STEPS, [refresh, ...steps.map(name => asked[name]), submitOrGoOn]))
    for (const name of steps) this.addDialog(new QuestionPrompt(questions[name]))
  }
}
