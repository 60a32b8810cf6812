import { fold } from '../normalize.ts'

/** UTF-16 units; nobody decides in more. */
const LONGEST = 200
/** Signs that agree, thank or smile. Any other sign may turn what stands beside it. */
const KIND_SIGNS = /[👍👌✅✔☑🙏🤲🤝😊🙂😀😃😄☺❤💚🌹]|[:;]-?\)/gu
/** Skin colours, and the selector that has a sign drawn in colour. */
const SHADES = /[\u{1f3fb}-\u{1f3ff}]|\ufe0f/gu
const HESITATION = /\.\.|\?|؟/u
const BORDER = /[,;:.!،؛\n]+|\s[-–—]+\s|[–—]/u
const HYPHEN = /(?<=\p{L})-(?=\p{L})/gu
const WORDS_ONLY = /^[a-z0-9\u0620-\u06ff\s]*$/u

/**
 * Splits a text at its clauses' borders into folded words, every one of them.
 * @returns undefined when it asks, hesitates, is long, or holds a sign that we do not know
 */
export function clausesOf(text: string): string[][] | undefined {
  if (text.length > LONGEST) return undefined
  const folded = fold(text.replace(SHADES, '').replace(KIND_SIGNS, ' ').trim())
  if (HESITATION.test(folded)) return undefined
  const clauses = folded.split(BORDER).map(clause => clause.replace(HYPHEN, ' ').trim())
  if (!clauses.every(clause => WORDS_ONLY.test(clause))) return undefined
  return clauses.filter(clause => clause !== '').map(clause => clause.split(/\s+/u))
}

/** Whether a text is nothing but signs that agree. */
export function isThumbUp(text: string): boolean {
  return /^[\s👍👌✅✔☑💯]+$/u.test(text.replace(SHADES, '').trim())
}
