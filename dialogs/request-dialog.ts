import { ComponentDialog } from 'botbuilder-dialogs/lib/componentDialog.js'
import type { DialogTurnResult } from 'botbuilder-dialogs/lib/dialog.js'
import { WaterfallDialog } from 'botbuilder-dialogs/lib/waterfallDialog.js'
import type { WaterfallStepContext } from 'botbuilder-dialogs/lib/waterfallStepContext.js'
import { nextStep, steps, type Step } from '../services/drafts/draft.ts'
import { NUMBER_PLACEHOLDER } from '../services/requests/dossier.ts'
import { closeAsked, tell } from './ask.ts'
import { receipt } from './cards/receipt.ts'
import { openDraft } from './open-draft.ts'
import { QuestionPrompt, type Asking } from './prompts/question-prompt.ts'
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

function questionOf(name: Step) {
  return (step: RequestStep): Promise<DialogTurnResult> => {
    const asking: Asking = { stands: step.options.at === name }
    return step.beginDialog(name, asking)
  }
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

const REFRESH = 0
const SUBMIT = steps.length + 1
const placeOf = (name: Step): number => steps.indexOf(name) + 1

/** From the first step straight to the question that is next, and from its answer to the last step. */
class RequestSteps extends WaterfallDialog<TakenUp> {
  constructor() {
    super(STEPS, [refresh, ...steps.map(questionOf), submitOrGoOn])
  }

  protected override async onStep(step: RequestStep): Promise<DialogTurnResult> {
    const place = placeFrom(step)
    return place === step.index ? super.onStep(step) : this.runStep(step, place, step.reason, step.result)
  }
}

function placeFrom({ index, options, context }: RequestStep): number {
  if (index === REFRESH || index === SUBMIT) return index
  const place = placeOf(options.at ?? nextStep(openDraft(scopeOf(context))))
  return place < index ? SUBMIT : place
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
