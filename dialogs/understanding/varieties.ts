import { lexicon } from './lexicon.ts'

const ARABIZI_DIGIT = /[a-z][2379]|[2379][a-z]/
/** Ordinals are spelt with a digit in French, too: 2eme, 3e. */
const FRENCH_ORDINAL = /^\d+(?:e|er|ere|eme|ieme|nd|nde)$/

/**
 * Counts the words that only French, and that only Arabizi has: Latin letters serve both, and "la", "ma", "fin" belong to
 * whichever the other words speak. Takes folded words.
 */
export function countVarieties(words: string[]): { french: number; arabizi: number } {
  let french = 0
  let arabizi = 0
  for (const word of words) {
    const varieties = lexicon().varieties.get(word)
    const inFrench = varieties?.has('fr') ?? FRENCH_ORDINAL.test(word)
    const inArabizi = varieties?.has('az') ?? false
    if (inFrench && !inArabizi) french += 1
    if ((inArabizi && !inFrench) || (!inFrench && ARABIZI_DIGIT.test(word))) arabizi += 1
  }
  return { french, arabizi }
}
