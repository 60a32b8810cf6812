import type { TurnContext } from 'botbuilder-core'
import type { Activity } from 'botframework-schema'
import type { AskedQuestion } from './conversation-memory.ts'
import { closedQuestion, message, notice, openQuestion } from './present.ts'
import type { Choice } from './cards/adaptive-card.ts'
import type { Question, Suggestion } from './question.ts'
import { questions } from './questions/all-questions.ts'
import { asAskedHere } from './questions/on-secure-page.ts'
import { answerOf, type QuestionToken } from './token.ts'
import { AppError } from '../services/errors.ts'
import { say, scopeOf, type TurnScope } from './turn-scope.ts'

/** Says one sentence. */
export async function tell(context: TurnContext, text: string): Promise<void> {
  await context.sendActivity(message(scopeOf(context), text))
}

function tokenFor({ draft }: TurnScope, question: Question): QuestionToken {
  if (!draft.current) throw new AppError('invariant', 'a question was asked without a draft')
  return { draft: draft.current.id, version: draft.current.version, step: question.name }
}

/**
 * Makes the card of the question asked last inert in its place: as it was asked, or in the language of the answer.
 * @param closed what was answered
 */
export async function closeAsked(context: TurnContext, closed?: string): Promise<void> {
  const scope = scopeOf(context)
  const { asked } = scope.memory
  if (!asked || asked.closed) return
  scope.memory.asked = { ...asked, closed: true }
  const language = closed ? scope.language : asked.language
  const card = closedCard({ ...scope, language }, asked, closed)
  await context.updateActivity({ ...card, id: String(asked.position) })
}

/** As the question was asked: on the draft that the turn found, whatever the turn has made of it since. */
function closedCard(scope: TurnScope, asked: AskedQuestion, closed: string | undefined): Partial<Activity> {
  const { loaded } = scope.draft
  if (loaded?.id !== asked.draft) return notice(scope, closed ?? say(scope, 'card.closed'))
  const then = { ...scope, draft: { ...scope.draft, current: loaded } }
  return closedQuestion(then, asAskedHere(scope, questions[asked.step]), closed)
}

const suggest = (token: QuestionToken, { title, choice }: Suggestion): Choice => ({
  title,
  value: answerOf(token, choice),
})

/** Asks: the card used before goes inert, this one is the one whose answer counts. @param likeliest its first button */
export async function ask(context: TurnContext, question: Question, likeliest?: Suggestion): Promise<void> {
  const scope = scopeOf(context)
  await closeAsked(context)
  const token = tokenFor(scope, question)
  const view = asAskedHere(scope, question).view(scope, token)
  const sent = await context.sendActivity(
    openQuestion(scope, question, likeliest ? { ...view, suggested: suggest(token, likeliest) } : view),
  )
  const closed = view.isNotice ?? false
  scope.memory.asked = { ...token, position: Number(sent?.id), language: scope.language, closed }
}
