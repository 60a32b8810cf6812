/** One written word, folded, with the clause it stands in: commas and full stops part clauses, and negation stays inside. */
export interface Token {
  text: string
  clause: number
}

interface TokenizedText {
  tokens: Token[]
  /** A question mark, Latin or Arabic, stood in the text. */
  asked: boolean
  /** The text went on past what is read. */
  truncated: boolean
}

/** UTF-16 units that are read; nobody answers a question of ours in more, and the cost of a call stays bounded. */
const READ_LIMIT = 600
const TOKEN_LIMIT = 80

/** Soft hyphens, zero widths, direction marks and the selectors that choose how an emoji is drawn. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu
const ARABIC_MARKS = /[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u0640]/gu
const COMBINING = /[\u0300-\u036f]/gu
const APOSTROPHES = /['’‘ʼʹ`´′]/gu
const REPEATED = /(\p{L})\1{2,}/gu
const LATIN_WITH_APOSTROPHE = /([a-z0-9]+)'(?=[a-z0-9])/gu
/** Words that French elides; after anything else an apostrophe is an Arabizi hamza and closes up (mas'oul). */
const ELIDED = new Set('c d j l m n s t y qu jusqu lorsqu puisqu quelqu presqu'.split(' '))
/** « s.v.p. », "R.I.B.": one word, in one clause. */
const LETTER_BY_LETTER = /(?<!\p{L})(\p{L})\.(?=\p{L}(?!\p{L}))/gu
const WORD_OR_MARK = /[a-z0-9]+|[\u0620-\u06ff]+|[?؟]|[,;:!.،؛\n…–—]|(?<=\s)-(?=\s)/gu
const ARABIC_LETTERS: Record<string, string> = {
  أ: 'ا', إ: 'ا', آ: 'ا', ٱ: 'ا', ى: 'ي', ی: 'ي', ئ: 'ي', ؤ: 'و', ة: 'ه', ۃ: 'ه', ھ: 'ه', ہ: 'ه', ء: '',
  ک: 'ك', گ: 'ك', ڭ: 'ك', ݣ: 'ك', پ: 'ب', ڤ: 'ف', ڥ: 'ف', چ: 'ش', œ: 'oe', æ: 'ae', ß: 'ss',
} // prettier-ignore
const FOLDED_LETTERS = new RegExp(`[${Object.keys(ARABIC_LETTERS).join('')}]`, 'gu')
const INDIC_DIGITS = /[\u0660-\u0669\u06f0-\u06f9]/gu

/**
 * Folds what people write into one form: case, accents, apostrophes, Arabic diacritics and letter variants, digits of either
 * script, drawn-out letters, punctuation and emoji (to spaces). Digits inside a Latin word stay: they are Arabizi letters.
 */
export function normalize(text: string): string {
  return tokenize(text)
    .tokens.map(token => token.text)
    .join(' ')
}

/** Splits a text into folded words with their clauses. Reads at most 600 characters and 80 words. */
export function tokenize(text: string): TokenizedText {
  const folded = fold(text.slice(0, READ_LIMIT))
  const tokens: Token[] = []
  let clause = 0
  let asked = false
  for (const [piece] of folded.matchAll(WORD_OR_MARK)) {
    if (piece === '?' || piece === '؟') asked = true
    if (isWord(piece)) tokens.push({ text: piece, clause })
    else clause += 1
    if (tokens.length === TOKEN_LIMIT) break
  }
  return { tokens, asked, truncated: text.length > READ_LIMIT || tokens.length === TOKEN_LIMIT }
}

/** Brings what people write to one form, marks and spaces kept. Reads at most 600 characters. */
export function fold(text: string): string {
  return text
    .normalize('NFKC')
    .slice(0, READ_LIMIT)
    .toLowerCase()
    .replace(INVISIBLE, '')
    .replace(ARABIC_MARKS, '')
    .replace(FOLDED_LETTERS, letter => ARABIC_LETTERS[letter] ?? letter)
    .normalize('NFD')
    .replace(COMBINING, '')
    .replace(INDIC_DIGITS, digit => String(digit.charCodeAt(0) & 0xf))
    .replace(REPEATED, '$1')
    .replace(LETTER_BY_LETTER, '$1')
    .replace(APOSTROPHES, "'")
    .replace(LATIN_WITH_APOSTROPHE, (_, left: string) => (ELIDED.has(left) ? `${left} ` : left))
}

function isWord(piece: string): boolean {
  const first = piece.codePointAt(0) ?? 0
  return (
    (first >= 0x61 && first <= 0x7a) ||
    (first >= 0x30 && first <= 0x39) ||
    (first >= 0x620 && piece !== '؟' && first < 0x2000)
  )
}
