import type { MessageKey } from '../locales/translator.ts'
import type { CardElement, Choice } from './cards/adaptive-card.ts'
import type { QuestionName, QuestionToken } from './token.ts'
import type { TurnScope } from './turn-scope.ts'

/** A question as it stands in the chat. */
export interface QuestionView {
  readonly body: readonly CardElement[]
  /** Under the body; buttons within the body are part of it. */
  readonly choices: readonly Choice[]
  /** The likeliest answer, under the card and before the commands. */
  readonly suggested?: Choice
  /** It only says why nothing can be answered yet. */
  readonly isNotice?: boolean
}

/** An answer that is offered beside the question's own buttons. */
export interface Suggestion {
  readonly title: string
  readonly choice: string
}

/** How an answer went. `closed` is what the used card says from now on. */
export type Outcome =
  | { readonly result: 'answered'; readonly closed: string; readonly told?: string }
  /** Understood, but the question stays: `told` says why; it is asked `again` where that helps, `likeliest` answer first. */
  | {
      readonly result: 'stays'
      readonly told?: string
      readonly closed?: string
      readonly again: boolean
      readonly likeliest?: Suggestion
    }
  /** Not understood; asked `again` unless that helps nobody. */
  | { readonly result: 'unclear'; readonly again?: boolean }

export interface Question {
  readonly name: QuestionName
  /** Shown in the stepper. */
  readonly title?: MessageKey
  /** What it showed stays readable once it is answered. */
  readonly lasts?: boolean
  /** The first element says what is asked. */
  view(scope: TurnScope, token: QuestionToken | undefined): QuestionView
  /** Takes the answer into the draft. */
  answer(scope: TurnScope): Outcome | Promise<Outcome>
}

export const unclear: Outcome = { result: 'unclear' }
