import type { WordKey, Words } from '../../words/words.ts'

const labels: Readonly<Record<string, WordKey>> = {
  request: 'button.request',
  history: 'button.history',
  help: 'button.help',
  agent: 'button.agent',
  back: 'button.back',
  cancel: 'button.cancel',
  restart: 'button.restart',
}

/** What the button of a command says. Answers of cards are no commands and have no label. */
export function commandLabel(words: Words, value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('command' in value)) return undefined
  // A command with a choice answers "are you sure?", whose card shows it.
  if ('choice' in value && value.choice !== undefined) return undefined
  const key = typeof value.command === 'string' ? labels[value.command] : undefined
  return key && words.say(key)
}
