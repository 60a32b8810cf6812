import { ActionTypes, type CardAction } from 'botframework-schema'
import { back } from '../services/drafts/draft.ts'
import type { MessageKey } from '../locales/translator.ts'
import { commandOf, type Command, type QuestionName } from './token.ts'
import { say, type TurnScope } from './turn-scope.ts'

type ChipCommand = Exclude<Command, 'language' | 'restart'>

const titles: Record<ChipCommand, MessageKey> = {
  request: 'button.request',
  history: 'button.history',
  help: 'button.help',
  agent: 'button.agent',
  back: 'button.back',
  cancel: 'button.cancel',
}

export function chips(scope: TurnScope, commands: readonly ChipCommand[]): CardAction[] {
  return commands.map(command => ({
    type: ActionTypes.PostBack,
    title: say(scope, titles[command]),
    value: commandOf(command),
  }))
}

const confirmations: readonly QuestionName[] = ['resume', 'cancel', 'restart']

/** What a member can do beside answering; *restart* and the language stand in the widget's menu. */
export function commandChips(scope: TurnScope, question: QuestionName): CardAction[] {
  if (confirmations.includes(question)) return []
  const draft = scope.draft.current
  const canGoBack = draft !== undefined && back(draft) !== undefined
  return chips(scope, canGoBack ? ['back', 'help', 'cancel'] : ['help', 'cancel'])
}
