import { ActionTypes, type CardAction } from 'botframework-schema'
import { back } from '../services/drafts/draft.ts'
import type { MessageKey } from '../locales/translator.ts'
import { ribBlock } from './blocked-rib.ts'
import { asksForPerson } from './open-draft.ts'
import { isConfirmation } from './questions/confirmation.ts'
import { commandOf, type Command, type QuestionName } from './token.ts'
import { say, type TurnScope } from './turn-scope.ts'

type Chip = Exclude<Command, 'language' | 'restart' | 'agent' | 'deposit'> | 'continue'

const titles: Record<Chip, MessageKey> = {
  request: 'button.request',
  continue: 'button.continue',
  history: 'button.history',
  help: 'button.help',
  back: 'button.back',
  cancel: 'button.cancel',
}

export function chips(scope: TurnScope, shown: readonly Chip[]): CardAction[] {
  return shown.map(chip => ({
    type: ActionTypes.PostBack,
    title: say(scope, titles[chip]),
    value: chip === 'continue' ? commandOf('request', 'continue') : commandOf(chip),
  }))
}

/** While a request waits for something that happens outside the chat; for a RIB, with what is asked about a deposit. */
export function waitingChips(scope: TurnScope): CardAction[] {
  if (!ribBlock(scope)) return chips(scope, ['continue', 'history', 'cancel'])
  return [...chips(scope, ['continue']), ...depositChips(scope), ...chips(scope, ['cancel'])]
}

const depositChips = (scope: TurnScope): CardAction[] =>
  (['where', 'why', 'hours', 'address', 'news'] as const).map(topic => ({
    type: ActionTypes.PostBack,
    title: say(scope, `deposit.button.${topic}`),
    value: commandOf('deposit', topic),
  }))

/** What a member can do beside answering; *restart* and the language stand in the widget's menu. */
export function commandChips(scope: TurnScope, question: QuestionName): CardAction[] {
  if (isConfirmation(question)) return []
  const draft = scope.draft.current
  const canGoBack = draft !== undefined && back(draft, asksForPerson(scope)) !== undefined
  return chips(scope, canGoBack ? ['back', 'help', 'cancel'] : ['help', 'cancel'])
}
