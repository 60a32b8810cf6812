import type { TurnContext } from 'botbuilder-core'
import type { DialogInstance } from 'botbuilder-dialogs/lib/dialog.js'
import { Prompt, type PromptRecognizerResult } from 'botbuilder-dialogs/lib/prompts/prompt.js'
import { ask, closeAsked, tell } from '../ask.ts'
import { tellMissed } from '../fallback.ts'
import { tellMenu } from '../menu.ts'
import type { Outcome, Question } from '../question.ts'
import { asAskedHere } from '../questions/on-secure-page.ts'
import type { QuestionName } from '../token.ts'
import { scopeOf } from '../turn-scope.ts'

/** The dialog of a question that stands in the chat, and waits for its answer. */
export const asked = (name: QuestionName): DialogInstance => ({ id: name, state: { options: {}, state: {} } })

/** Asks one question and takes its answer into the draft. The dialog state keeps nothing of either. */
export class QuestionPrompt extends Prompt<true> {
  readonly #question: Question

  constructor(question: Question) {
    super(question.name)
    this.#question = question
  }

  protected override async onPrompt(context: TurnContext): Promise<void> {
    await ask(context, this.#question)
  }

  protected override async onRecognize(context: TurnContext): Promise<PromptRecognizerResult<true>> {
    const scope = scopeOf(context)
    const outcome = await asAskedHere(scope, this.#question).answer(scope)
    if (outcome.result === 'answered') {
      scope.memory.misses = 0
      if (outcome.closed) await closeAsked(context, outcome.closed)
      if (outcome.told) await tell(context, outcome.told)
      return { succeeded: true, value: true }
    }
    await this.#stay(context, outcome)
    return { succeeded: false }
  }

  /** The base class would recognise here once more, and an answer counts once. */
  protected override onPreBubbleEvent(): Promise<boolean> {
    return Promise.resolve(false)
  }

  /** The question stays: said why, and asked again where that helps. */
  async #stay(context: TurnContext, outcome: Exclude<Outcome, { result: 'answered' }>): Promise<void> {
    if (outcome.result === 'unclear') {
      const again = outcome.again ?? true
      await tellMissed(context, again)
      return again ? ask(context, this.#question) : undefined
    }
    scopeOf(context).memory.misses = 0
    if (outcome.closed) await closeAsked(context, outcome.closed)
    if (outcome.told) await (outcome.again ? tell(context, outcome.told) : tellMenu(context, outcome.told))
    if (outcome.again) await ask(context, this.#question, outcome.likeliest)
  }
}
