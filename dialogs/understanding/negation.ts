import type { Concept } from './lexicon.ts'
import type { Match } from './reading.ts'

interface SpokenWord {
  text: string
  clause: number
  concepts: Concept[]
  denied: boolean
}

/** How many words a negation reaches over before the word that it denies. */
const REACH = 4
/** Denying these denies what they carry: "je ne veux pas annuler" denies `cancel`, too. */
const CARRIERS = new Set<Concept>(['want', 'ask_for', 'required', 'recognise', 'understand'])
const LIGHT = new Set<Concept>([
  'filler',
  'polite',
  'and',
  'negator',
  'all',
  'same',
  'n1',
  'n2',
  'n3',
  'insurer',
  'care',
])
/** Spoken French drops "ne": "je confirme pas" denies the verb before. */
const VERBS = new Set<Concept>([
  'confirm',
  'accept',
  'submit',
  'cancel',
  'understand',
  'want',
  'reimbursed',
  'recognise',
  'change',
  'continue',
])
const BACKWARD = new Set(['pas', 'plus', 'jamais', 'rien'])
const FRENCH_NE = new Set(['ne', 'n'])
/** After these, غير and "non" say "not"; elsewhere غير is "only" and "non" an answer. */
const DENIABLE = new Set<Concept>(['reimbursed', 'correct', 'eligible', 'confirm', 'accept'])
const ARABIC_VERB = /^[اتين](?!نا$|ت$)/u
/** After a preposition ما is "what": على ما سبق. */
const RELATIVE_AFTER = new Set(['علي', 'في', 'كل', 'عن', 'بعد', 'مثل', 'حسب', 'من', 'مع'])
const INTERROGATIVE_FOLLOWERS = new Set(['هو', 'هي', 'هم', 'هما', 'المطلوب', 'العمل', 'معني', 'هاته', 'هذا', 'هذه'])

/**
 * Marks the matches that a negation denies, and turns "non" and لا into `no` or a negation by what follows them.
 * Returns how many negations there are.
 */
export function markNegations(words: SpokenWord[], matches: Match[], isFrench: boolean): number {
  let negations = words.filter((word, at) => word.denied && !insidePhrase(matches, at)).length
  for (const match of matches) {
    if (words[match.start]?.denied && match.end - match.start === 1) match.negated = true
  }
  words.forEach((_, at) => {
    if (isArticle(words, at, isFrench)) keepMeaning(matches, at, concept => concept !== 'no')
    if (isAlternative(words, at)) becomeDoubt(matches, at)
  })
  words.forEach((word, at) => {
    if ((isFrench && word.text === 'ma') || !isNegator(words, matches, at)) return
    negations += 1
    keepMeaning(matches, at, concept => concept !== 'no')
    const before = verbBefore(words, matches, at)
    if (before) before.negated = true
    else denyAfter(matches, at + 1, word.clause)
  })
  negations += denyByPhrases(words, matches)
  for (const match of matches) {
    if (match.negated && match.concepts.some(concept => CARRIERS.has(concept)))
      denyAfter(matches, match.end, match.clause)
  }
  return negations
}

const EMPHATIC = new Set(['pas', 'question'])
const NEEDLESS = new Set(['بلاش', 'blach', 'balach', 'blash'])
const UNDONE = new Set<Concept>(['cancel', 'erase', 'restart'])

/** « surtout pas annuler », « annuler, surtout pas », بلاش نلغي: what denies besides single words. */
function denyByPhrases(words: SpokenWord[], matches: Match[]): number {
  let denials = 0
  for (const match of matches) {
    const said = words.slice(match.start, match.end).map(word => word.text)
    if (match.concepts.includes('no') && said.length > 1 && said.some(word => EMPHATIC.has(word))) {
      denyAfter(matches, match.end, match.clause)
      denyBefore(matches, match)
    } else if (said.length === 1 && NEEDLESS.has(said[0] ?? '') && undoes(matches, match)) {
      match.concepts = []
      denials += 1
      denyAfter(matches, match.end, match.clause)
    }
  }
  return denials
}

function denyBefore(matches: Match[], { start }: Match): void {
  const before = matches.find(match => match.end === start && !match.closed)
  if (before?.concepts.some(concept => VERBS.has(concept))) before.negated = true
}

const undoes = (matches: Match[], { end, clause }: Match): boolean =>
  matches.some(
    match => match.start >= end && match.clause === clause && match.concepts.some(concept => UNDONE.has(concept)),
  )

function isNegator(words: SpokenWord[], matches: Match[], at: number): boolean {
  const word = words[at]
  if (!word?.concepts.includes('negator') || insidePhrase(matches, at)) return false
  const next = words[at + 1]
  const nextMatch = matches.find(match => match.start === at + 1 && match.clause === word.clause)
  const deniable = nextMatch?.concepts.some(concept => DENIABLE.has(concept)) ?? false
  if (word.text === 'non' || word.text === 'غير') return deniable
  if (word.text === 'plus') return words.slice(Math.max(0, at - REACH), at).some(earlier => FRENCH_NE.has(earlier.text))
  if (word.text === 'la') return false
  if (word.text === 'لا') return isArabicVerb(next, nextMatch) && next?.clause === word.clause
  if (word.text === 'ما' && RELATIVE_AFTER.has(words[at - 1]?.text ?? '')) return false
  if (word.text === 'ما') return !INTERROGATIVE_FOLLOWERS.has(next?.text ?? '') && !(next?.text ?? '').startsWith('ال')
  if (word.text === 'ma') return !(next?.concepts.some(concept => FEMININE.has(concept)) ?? false)
  return true
}

/** What French "ma" may own; before anything else "ma" is the Arabic negation. */
const FEMININE = new Set<Concept>([
  'spouse',
  'child',
  'other_relative',
  'request',
  'bank',
  'oncology',
  'care',
  'extra_weak',
  'self',
  'beneficiary_field',
])

function isArabicVerb(word: SpokenWord | undefined, match: Match | undefined): boolean {
  return word !== undefined && match !== undefined && ARABIC_VERB.test(word.text) && !match.concepts.includes('self')
}

function insidePhrase(matches: Match[], at: number): boolean {
  return matches.some(match => match.start <= at && at < match.end && match.end - match.start > 1)
}

const OR = new Set(['ولا', 'اولا', 'الا', 'او', 'ام', 'ola', 'wla', 'aw', 'ou', 'oula', 'wela'])

/** "oui ou non", آه ولا لا: a no that is one of two leaves it open. */
function isAlternative(words: SpokenWord[], at: number): boolean {
  return words[at]?.concepts.includes('no') === true && OR.has(words[at - 1]?.text ?? '')
}

function becomeDoubt(matches: Match[], at: number): void {
  const own = matches.find(match => match.start === at && match.end === at + 1)
  if (own) own.concepts = ['doubt']
}

/** "la" says no in Arabizi, at the head of a clause. */
function isArticle(words: SpokenWord[], at: number, isFrench: boolean): boolean {
  const word = words[at]
  if (word?.text !== 'la') return false
  const next = words[at + 1]
  return isFrench || words[at - 1]?.clause === word.clause || /^\d/.test(next?.text ?? '')
}

function keepMeaning(matches: Match[], at: number, kept: (concept: Concept) => boolean): void {
  const own = matches.find(match => match.start === at && match.end === at + 1)
  if (own) own.concepts = own.concepts.filter(kept)
}

function verbBefore(words: SpokenWord[], matches: Match[], at: number): Match | undefined {
  if (!BACKWARD.has(words[at]?.text ?? '')) return undefined
  if (words.slice(Math.max(0, at - REACH), at).some(word => FRENCH_NE.has(word.text))) return undefined
  const before = matches.find(match => match.end === at && match.clause === words[at]?.clause && !match.closed)
  return before?.concepts.some(concept => VERBS.has(concept)) ? before : undefined
}

function denyAfter(matches: Match[], from: number, clause: number): void {
  for (const match of matches) {
    if (match.start < from || match.clause !== clause) continue
    if (match.start > from + REACH || match.concepts.includes('but')) return
    if (match.concepts.every(concept => LIGHT.has(concept))) continue
    // « ne surtout pas annuler »: what denies with more weight is not what is denied.
    if (match.closed && match.concepts.includes('no')) continue
    if (!match.closed) match.negated = true
    return
  }
}
