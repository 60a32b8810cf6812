import account from './lexicon/account.json' with { type: 'json' }
import { normalize } from './normalize.ts'

let words: ReadonlySet<string> | undefined

/** Whether the whole message asks to untie the account of Teams that it is written in. */
export function asksToUnlink(text: string): boolean {
  words ??= new Set(account.unlink.map(normalize))
  return words.has(normalize(text))
}
