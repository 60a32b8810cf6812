import { ActionTypes, type Activity, type CardAction } from 'botframework-schema'
import { progress, steps, type Step } from '../services/drafts/draft.ts'
import { maskRib } from '../services/members/rib.ts'
import { adaptiveCard, buttons, paragraph, remark, type CardElement } from './cards/adaptive-card.ts'
import { commandChips, waitingChips } from './chips.ts'
import { asksForPerson } from './open-draft.ts'
import type { Question, QuestionView } from './question.ts'
import { say, voiceOf, type TurnScope } from './turn-scope.ts'

type Message = Partial<Activity>

/** A sentence, as plain text: what people wrote may stand in it. */
export function message(scope: TurnScope, text: string): Message {
  return { type: 'message', text, textFormat: 'plain', locale: voiceOf(scope).locale }
}

function isStep(name: string): name is Step {
  return steps.some(step => step === name)
}

/** Where the request stands, for the widget's stepper. */
function stepper(scope: TurnScope, question: Question): Record<string, unknown> | undefined {
  const draft = scope.draft.current
  if (!draft || !question.title || !isStep(question.name)) return undefined
  return { step: question.name, ...progress(draft, asksForPerson(scope)), title: say(scope, question.title) }
}

/** The mask is stored beside the placeholder, for every reader but the owner while the question is open. */
function mask(scope: TurnScope, question: Question): Record<string, unknown> {
  return question.name === 'rib' && scope.member.rib ? { rib: maskRib(scope.member.rib) } : {}
}

function card(scope: TurnScope, body: readonly CardElement[]): Message {
  const { locale } = voiceOf(scope)
  return { type: 'message', locale, attachments: [adaptiveCard(voiceOf(scope), body) as { contentType: string }] }
}

/** A card that only says something. */
export function notice(scope: TurnScope, text: string): Message {
  return card(scope, [paragraph(text)])
}

/** An open question: its card with live buttons, the stepper, and the commands that hold at every step. */
export function openQuestion(scope: TurnScope, question: Question, view: QuestionView): Message {
  const { body, choices } = view
  const elements = choices.length > 0 ? [...body, buttons(choices)] : body
  return {
    ...card(scope, elements),
    inputHint: 'expectingInput',
    suggestedActions: {
      to: [],
      actions: [...suggestions(view), ...(view.isNotice ? waitingChips(scope) : commandChips(scope, question.name))],
    },
    channelData: { moussaada: { ...stepper(scope, question), ...mask(scope, question) } },
  }
}

const suggestions = ({ suggested }: QuestionView): CardAction[] =>
  suggested ? [{ type: ActionTypes.PostBack, title: suggested.title, value: suggested.value }] : []

/** A question that is over, in its place: no buttons, what was asked, and what was answered if it was. */
export function closedQuestion(scope: TurnScope, question: Question, closed?: string): Message {
  const { body } = question.view(scope, undefined)
  if (!closed) return card(scope, body.slice(0, 1))
  return card(scope, [...(question.lasts ? body : body.slice(0, 1)), { ...remark(closed), separator: true }])
}
