import type { Outcome, Suggestion } from '../question.ts'
import { say, type TurnScope } from '../turn-scope.ts'
import { nearestAnswer, type BindingContext, type Nearest } from '../understanding/nearest-answer.ts'

/** "Did you mean …?": the question again, with its likeliest answer as the first button. Nothing is taken. */
export function proposal(scope: TurnScope, likeliest: Suggestion): Outcome {
  const told = say(scope, 'fallback.didYouMean', { answer: likeliest.title })
  return { result: 'stays', told, again: true, likeliest }
}

/** What words that bind to nothing may have meant. */
export const nearestTo = ({ message }: TurnScope, context: BindingContext): Nearest =>
  message.kind === 'text' ? nearestAnswer(message.text, context) : undefined
