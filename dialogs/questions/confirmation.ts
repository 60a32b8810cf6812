import type { MessageKey, Values } from '../../locales/translator.ts'
import { nextStep } from '../../services/drafts/draft.ts'
import { heading } from '../cards/adaptive-card.ts'
import { openDraft } from '../open-draft.ts'
import { unclear, type Outcome, type Question } from '../question.ts'
import { proposal } from './proposal.ts'
import { answerOf, type QuestionName } from '../token.ts'
import { say, voiceOf, type TurnScope } from '../turn-scope.ts'
import { classify } from '../understanding/classify.ts'
import { classifyResume, classifyYesNo } from '../understanding/confirmation.ts'

const confirmations = ['cancel', 'restart', 'resume'] as const
export type ConfirmationName = (typeof confirmations)[number]

/** Asked beside the request, and not within it. */
export const isConfirmation = (question: QuestionName | undefined): question is ConfirmationName =>
  confirmations.some(name => name === question)

type Decision = 'yes' | 'no' | 'none'
/** `likely`: what throws the answers away may be meant, and has to be asked; `open`: about the answer, and none. */
type Said = Decision | 'likely' | 'open'

interface Confirmation {
  readonly name: ConfirmationName
  readonly ask: MessageKey
  readonly yes: MessageKey
  readonly no: MessageKey
  readonly values?: (scope: TurnScope) => Values
}

const resumeWords = { continue: 'yes', restart: 'no', likely: 'likely', open: 'open', none: 'none' } as const

const readers: Record<ConfirmationName, (text: string) => Said> = {
  cancel: text => classifyYesNo(text, 'cancel'),
  restart: text => classifyYesNo(text, 'restart'),
  resume: text => resumeWords[classifyResume(text)],
}

/** What the member decided on a confirmation, by button or word. */
export function decisionOn(name: ConfirmationName, scope: TurnScope): Decision {
  const said = saidTo(name, scope)
  return said === 'yes' || said === 'no' ? said : 'none'
}

/** Whether a message is taken by the confirmation before it is anything else. */
export function isTakenBy(name: ConfirmationName, scope: TurnScope): boolean {
  const said = saidTo(name, scope)
  return said === 'open' ? asksTheSame(name, scope) : said !== 'none'
}

/** "Tout recommencer, je crois", where starting again is what was asked. */
function asksTheSame(name: ConfirmationName, { message }: TurnScope): boolean {
  return message.kind === 'text' && classify(message.text, 'any') === name
}

function saidTo(name: ConfirmationName, { message }: TurnScope): Said {
  const isBack = message.kind === 'command' && message.value.command === 'back'
  if (isBack) return name === 'resume' ? 'none' : 'no'
  if (message.kind === 'text') return readers[name](message.text)
  const choice = message.kind === 'answer' ? message.value.choice : 'none'
  return choice === 'yes' || choice === 'no' ? choice : 'none'
}

function confirmation(asked: Confirmation): Question {
  return {
    name: asked.name,
    view(scope, token) {
      return {
        body: [heading(say(scope, asked.ask, asked.values?.(scope)))],
        choices: token
          ? [
              { title: say(scope, asked.yes), value: answerOf(token, 'yes'), primary: asked.name === 'resume' },
              { title: say(scope, asked.no), value: answerOf(token, 'no') },
            ]
          : [],
      }
    },
    answer(scope) {
      const decided = saidTo(asked.name, scope)
      if (decided === 'likely') return proposed(scope, asked)
      if (decided === 'open') return { result: 'stays', told: say(scope, 'cancel.stillOpen'), again: true }
      if (decided === 'none') return unclear
      const answer = say(scope, decided === 'yes' ? asked.yes : asked.no)
      return { result: 'answered', closed: say(scope, 'answered.choice', { answer }) }
    },
  }
}

/** What throws the answers away: the yes to "really?", and the no to "go on?". */
function proposed(scope: TurnScope, { name, yes, no }: Confirmation): Outcome {
  const title = say(scope, name === 'resume' ? no : yes)
  return proposal(scope, { title, choice: name === 'resume' ? 'no' : 'yes' })
}

export const cancelQuestion = confirmation({
  name: 'cancel',
  ask: 'cancel.confirm',
  yes: 'cancel.yes',
  no: 'cancel.no',
})

export const restartQuestion = confirmation({
  name: 'restart',
  ask: 'restart.confirm',
  yes: 'restart.yes',
  no: 'cancel.no',
})

/** A request that was left: *yes* goes on with it, *no* begins anew. */
export const resumeQuestion = confirmation({
  name: 'resume',
  ask: 'resume.prompt',
  yes: 'button.continue',
  no: 'button.restart',
  values: scope => {
    const draft = openDraft(scope)
    return { date: voiceOf(scope).date(draft.startedAt), step: say(scope, `step.${nextStep(draft)}`) }
  },
})
