import spellings from './lexicon/spelling.json' with { type: 'json' }
import { lexicon } from './lexicon.ts'
import type { Concept, Phrase } from './lexicon.ts'
import { markNegations } from './negation.ts'
import { tokenize } from './normalize.ts'
import type { Token } from './normalize.ts'
import { withoutDoubles } from './spelling.ts'
import { countVarieties } from './varieties.ts'
import { wordForms } from './word-forms.ts'

/** A stretch of words that means something. */
export interface Match {
  concepts: Concept[]
  /** First word and the one after the last. */
  start: number
  end: number
  clause: number
  negated: boolean
  /** The phrase holds its own negation ("pas sûr"), so that none around it turns it. */
  closed: boolean
}

/** What can be told of a text without knowing the question it answers. */
export interface Reading {
  /** Meant and not denied. */
  has: (...concepts: Concept[]) => boolean
  /** Meant and denied: "pas mon compte" denies `account`. */
  denies: (...concepts: Concept[]) => boolean
  mentions: (...concepts: Concept[]) => boolean
  /** Every word belongs to one of these, to a courtesy or to a function word. */
  holdsOnly: (...concepts: Concept[]) => boolean
  words: string[]
  /** How many words mean nothing to us. */
  unknown: number
  /** Words that are neither courtesies nor function words. */
  weight: number
  asked: boolean
  truncated: boolean
  negations: number
  matches: Match[]
}

interface Word extends Token {
  forms: string[]
  concepts: Concept[]
  denied: boolean
}

/** و, "and", is written in one with the word that it joins. */
const JOINED = /^و.{3,}/u
/** Short words, which any other becomes when clitics or letters go. */
const NEVER_GUESSED = new Set<Concept>(['yes', 'no'])
const PREFIX_LENGTHS = [9, 8, 7, 6, 5, 4, 3]
const respelt = new Map<string, string>(Object.entries(spellings))

/** Finds what a text means, word by word: meanings, denials, and how much of it is not understood. */
export function read(text: string): Reading {
  const { tokens, asked, truncated } = tokenize(text)
  const spelt = tokens.flatMap(respell)
  const { french, arabizi } = countVarieties(spelt.map(token => token.text))
  const isFrench = french > arabizi
  const words = spelt.map(token => understood(token, isFrench))
  const matches = findMatches(words, isFrench)
  const negations = markNegations(words, matches, isFrench)
  return summarize({ words, matches, negations, asked, truncated })
}

function respell(token: Token): Token[] {
  const option = /^(motif|option|choix|num|numero|n)([1-3])$/.exec(token.text)
  const replacement = option ? `${option[1]} ${option[2]}` : respelt.get(token.text)
  return replacement ? replacement.split(' ').map(text => ({ text, clause: token.clause })) : [token]
}

function understood(token: Token, isFrench: boolean): Word {
  const stemmed = prefixConcepts(token.text)
  if (stemmed && !lexicon().words.has(token.text))
    return { ...token, forms: [token.text], concepts: stemmed, denied: false }
  const { forms, denied, guessed } = wordForms(lexicon(), token.text, isFrench)
  const isGuess = guessed && !forms.some(form => lexicon().varieties.get(form)?.has('fr'))
  const shared = sharedConcepts(token.text, forms).filter(concept => !isGuess || !NEVER_GUESSED.has(concept))
  const concepts = [...new Set([...shared, ...(stemmed ?? [])])]
  if (concepts.length > 0 && JOINED.test(token.text) && !lexicon().words.has(token.text)) concepts.push('and')
  return { ...token, forms, concepts, denied }
}

function prefixConcepts(word: string): Concept[] | undefined {
  for (const spelling of [word, withoutDoubles(word)]) {
    for (const length of PREFIX_LENGTHS) {
      const concepts = spelling.length >= length ? lexicon().prefixes.get(spelling.slice(0, length)) : undefined
      if (concepts) return concepts
    }
  }
  return undefined
}

/** Several readings of one misspelt word count only for what they have in common. */
function sharedConcepts(word: string, forms: string[]): Concept[] {
  const literal = lexicon().words.get(forms[0] ?? '') ?? []
  if (literal.length > 0 && forms[0] === word) return literal
  const meanings = forms.map(form => lexicon().words.get(form) ?? []).filter(concepts => concepts.length > 0)
  const [first = [], ...others] = meanings
  const shared = first.filter(concept => others.every(other => other.includes(concept)))
  return shared
}

/** Negations elsewhere, and articles in French: « supprimer ma demande ». */
const FRENCH_ARTICLES = new Set(['ma', 'la'])

function findMatches(words: Word[], isFrench: boolean): Match[] {
  const matches: Match[] = []
  for (let at = 0; at < words.length;) {
    const phrase = longestPhrase(words, at)
    const length = phrase?.words.length ?? 1
    const concepts = phrase?.concepts ?? words[at]?.concepts ?? []
    const clause = words[at]?.clause ?? 0
    const closed = phrase?.words.some(word => denies(word, isFrench)) ?? false
    if (concepts.length > 0) matches.push({ concepts, start: at, end: at + length, clause, negated: false, closed })
    at += length
  }
  return matches
}

const denies = (word: string, isFrench: boolean): boolean =>
  Boolean(lexicon().words.get(word)?.includes('negator')) && !(isFrench && FRENCH_ARTICLES.has(word))

function longestPhrase(words: Word[], at: number): Phrase | undefined {
  for (const first of words[at]?.forms ?? []) {
    const found = lexicon()
      .phrases.get(first)
      ?.find(phrase => isSaidAt(words, at, phrase))
    if (found) return found
  }
  return undefined
}

/** A comma or a full stop between its words makes them say something else: لا، أريد المتابعة is no لا أريد المتابعة. */
function isSaidAt(words: Word[], at: number, phrase: Phrase): boolean {
  return phrase.words.every((form, index) => {
    const word = words[at + index]
    return word !== undefined && word.clause === words[at]?.clause && word.forms.includes(form)
  })
}

/** MSA asks with ما before a noun (ما السقف), and denies with it before a verb. */
function asksWhat(words: Word[]): boolean {
  return words.some((word, at) => word.text === 'ما' && (words[at + 1]?.text.startsWith('ال') ?? false))
}

const LIGHT = new Set<Concept>(['filler', 'polite', 'and', 'negator'])

type Findings = Pick<Reading, 'matches' | 'negations' | 'asked' | 'truncated'> & { words: Word[] }

function summarize({ words, matches, negations, asked, truncated }: Findings): Reading {
  const meant = new Set(matches.filter(match => !match.negated).flatMap(match => match.concepts))
  const denied = new Set(matches.filter(match => match.negated).flatMap(match => match.concepts))
  const known = matches.reduce((sum, match) => sum + match.end - match.start, 0)
  const heavy = matches.filter(match => !match.concepts.some(concept => LIGHT.has(concept)))
  return {
    has: (...concepts) => concepts.some(concept => meant.has(concept)),
    denies: (...concepts) => concepts.some(concept => denied.has(concept)),
    mentions: (...concepts) => concepts.some(concept => meant.has(concept) || denied.has(concept)),
    holdsOnly: (...concepts) =>
      known === words.length && heavy.every(match => match.concepts.some(concept => concepts.includes(concept))),
    words: words.map(word => word.text),
    unknown: words.length - known,
    weight: heavy.length + words.length - known,
    asked: asked || meant.has('ask') || asksWhat(words),
    truncated,
    negations,
    matches,
  }
}
