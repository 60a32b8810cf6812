import { ActionTypes, type CardAction } from 'botframework-schema'
import type { Language } from '../services/language.ts'
import { commandOf } from './token.ts'
import type { TurnScope } from './turn-scope.ts'
import { isCourtesy } from './understanding/courtesies.ts'
import { detectLanguage } from './understanding/detect-language.ts'
import { tokenize } from './understanding/normalize.ts'

/** Words from which on a first message decides the language. */
const SENTENCE = 3
/** Messages in a row in the other language after which the chat goes on in it. */
const IN_A_ROW = 2
const FILE_NAME = /\.(?:pdf|jpe?g|png|heic|docx?|xlsx?|zip)\s*$/i
const DIGITS = /^\d+$/

/**
 * Follows the language that the member writes in. Until the notice is accepted, the first sentence decides. Later, the
 * second message in a row in the other language does, unless the member has taken such a switch back.
 * @returns whether the second message switched the language, which is to be announced
 */
export function followLanguage(scope: TurnScope): boolean {
  const { message, memory, draft } = scope
  if (message.kind !== 'text' || message.heldRib || FILE_NAME.test(message.text)) return false
  const words = tokenize(message.text).tokens.map(token => token.text)
  const spoken = spokenLanguage(words, namesKnownTo(scope))
  if (!spoken) return false
  const isSettled = memory.spoke || draft.current?.consent !== undefined
  if (isSettled) return followRow(scope, spoken)
  if (words.length < SENTENCE) return false
  memory.spoke = true
  scope.language = spoken
  return false
}

function followRow(scope: TurnScope, spoken: Language): boolean {
  const { memory } = scope
  if (spoken === scope.language) {
    memory.strays = 0
    return false
  }
  memory.strays += 1
  if (memory.strays < IN_A_ROW || memory.followed === 'undone') return false
  scope.leftLanguage = scope.language
  scope.language = spoken
  memory.strays = 0
  memory.followed = 'yes'
  return true
}

/** Names, numbers and courtesies tell nothing of a language. */
function spokenLanguage(words: readonly string[], names: ReadonlySet<string>): Language | undefined {
  const telling = words.filter(word => !isCourtesy(word) && !DIGITS.test(word) && !names.has(word))
  return telling.length === 0 ? undefined : detectLanguage(telling.join(' '))
}

function namesKnownTo({ member }: TurnScope): ReadonlySet<string> {
  const names = [member.name, ...member.relatives.map(({ name }) => name)]
  return new Set(names.flatMap(name => tokenize(name).tokens.map(token => token.text)))
}

/** A button or a word chooses the language: the member is no longer followed where that takes a switch back. */
export function chooseLanguage(scope: TurnScope, language: Language): void {
  const { memory } = scope
  const takesBack = memory.followed === 'yes' && language !== scope.language
  memory.followed = takesBack ? 'undone' : undefined
  memory.spoke = true
  memory.strays = 0
  scope.language = language
}

/** Takes a switch back. It is titled in the language that it brings back, which its reader knows. */
export function undoButton({ translators }: TurnScope, left: Language): CardAction {
  const title = translators[left].t('language.undo')
  return { type: ActionTypes.PostBack, title, value: commandOf('language', left) }
}
