import { saysNumber } from './read-choices.ts'
import { normalize } from './normalize.ts'
import { read } from './reading.ts'
import type { Reading } from './reading.ts'
import { isOneTypoApart, withoutDoubles } from './spelling.ts'

/** How surely a typed word is a word of a name; the surest name wins, and a tie wins nothing. */
const EXACT = 8
const TYPO = 5
const SAME_SOUND = 4
const SAME_CONSONANTS = 2
const BEGINNING = 2

/**
 * Finds the person whom a text names among `names`, or undefined when it names none, or several. A name may be typed in
 * part, in the other script ("سلمى" for Salma), without accents or with a typo; a number or "le dernier" counts along the list.
 */
export function matchPerson(text: string, names: string[]): number | undefined {
  const reading = read(text)
  if (reading.truncated || reading.negations > 0 || reading.has('doubt', 'both', 'no')) return undefined
  const typed = reading.words.filter(word => !/^\d+$/.test(word))
  const scores = typed.map(word => names.map(name => likeness(word, name)))
  const totals = names.map((_, index) => scores.reduce((sum, row) => sum + (row[index] ?? 0), 0))
  const best = Math.max(...totals, 0)
  if (best === 0) return numbered(reading, names.length)
  const winners = totals.flatMap((total, index) => (total === best ? [index] : []))
  const [winner] = winners
  const namesAnother = scores.some(row => Math.max(...row) >= TYPO && winner !== undefined && row[winner] === 0)
  return winners.length === 1 && !namesAnother ? winner : undefined
}

function likeness(word: string, name: string): number {
  const bare = /^(?:لل|ال|ل|و)/u.test(word) && word.length > 4 ? [word, word.replace(/^(?:لل|ال|ل|و)/u, '')] : [word]
  return Math.max(
    0,
    ...normalize(name)
      .split(' ')
      .flatMap(part => bare.map(form => wordLikeness(form, part))),
  )
}

function wordLikeness(word: string, part: string): number {
  if (word === part) return EXACT
  if (word.length < 2 || part.length < 2) return 0
  if (word.length >= 5 && isOneTypoApart(word, part)) return TYPO
  const consonants = consonantsOf(word)
  if (consonants.length > 1 && consonants === consonantsOf(part))
    return endsAlike(word, part) ? SAME_SOUND : SAME_CONSONANTS
  return word.length >= 3 && part.startsWith(word) ? BEGINNING : 0
}

const ARABIC_CONSONANTS: Record<string, string> = {
  ب: 'b', ت: 't', ث: 't', ج: 'j', ح: 'h', خ: 'x', د: 'd', ذ: 'd', ر: 'r', ز: 'z', س: 's', ش: 'š', ص: 's', ض: 'd',
  ط: 't', ظ: 'd', غ: 'ġ', ف: 'f', ق: 'k', ك: 'k', ل: 'l', م: 'm', ن: 'n', ه: 'h',
} // prettier-ignore
const LATIN_CONSONANTS: [RegExp, string][] = [
  [/kh|5/g, 'x'],
  [/gh/g, 'ġ'],
  [/ch|sh/g, 'š'],
  [/ph|v/g, 'f'],
  [/dj/g, 'j'],
  [/7/g, 'h'],
  [/[9qc]/g, 'k'],
  [/p/g, 'b'],
  [/[23aeiouwy]/g, ''],
]

/** What Latin and Arabic spellings of a name share: consonants, without a final h that stands for ة. */
function consonantsOf(word: string): string {
  let letters = word.replace(/(?<=.)h$|ه$/u, '')
  if (/^[a-z]/.test(letters))
    for (const [spelling, sound] of LATIN_CONSONANTS) letters = letters.replace(spelling, sound)
  else letters = Array.from(letters, letter => ARABIC_CONSONANTS[letter] ?? '').join('')
  return withoutDoubles(letters)
}

/** Tells Amine from Amina across scripts; ي may end a name in i or, for ى, in a. */
function endsAlike(word: string, part: string): boolean {
  const [one, other] = [ending(word), ending(part)]
  return one === other || (one === 'ia' && other !== '') || (other === 'ia' && one !== '')
}

function ending(word: string): string {
  if (/(?:a|ah|ا|ه)$/u.test(word)) return 'a'
  if (word.endsWith('ي')) return 'ia'
  return /[iy]$/.test(word) ? 'i' : ''
}

function numbered(reading: Reading, count: number): number | undefined {
  if (reading.has('age') || !reading.holdsOnly('n1', 'n2', 'n3', 'last', 'option_word', 'spouse', 'child', 'yes')) {
    const [only, ...others] = reading.words
    const digit = others.length === 0 ? Number(only) : NaN
    return Number.isInteger(digit) && digit >= 1 && digit <= count ? digit - 1 : undefined
  }
  const named = ([0, 1, 2] as const).filter(at => saysNumber(reading, at))
  const [index, ...others] = named
  if (index === undefined || others.length > 0) return undefined
  const place = reading.has('last') ? count - 1 : index
  return place < count ? place : undefined
}
