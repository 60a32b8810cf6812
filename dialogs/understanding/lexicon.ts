import answers from './lexicon/answers.json' with { type: 'json' }
import commands from './lexicon/commands.json' with { type: 'json' }
import functionWords from './lexicon/function-words.json' with { type: 'json' }
import motifs from './lexicon/motifs.json' with { type: 'json' }
import numbers from './lexicon/numbers.json' with { type: 'json' }
import people from './lexicon/people.json' with { type: 'json' }
import questions from './lexicon/questions.json' with { type: 'json' }
import request from './lexicon/request.json' with { type: 'json' }
import { normalize } from './normalize.ts'
import { deletions, phoneticKey, skeletonKey, withoutDoubles } from './spelling.ts'

const sources = {
  ...answers,
  ...commands,
  ...functionWords,
  ...motifs,
  ...numbers,
  ...people,
  ...questions,
  ...request,
}

/** A meaning that words can carry, whatever the language: `change`, `account`, `spouse`… */
export type Concept = keyof typeof sources
/** `az` is Arabizi: Arabic in Latin letters and digits. */
type Variety = 'fr' | 'ar' | 'az'

export interface Phrase {
  words: string[]
  concepts: Concept[]
}

export interface Lexicon {
  /** What a single word means; a word that occurs in phrases only has an empty list. */
  words: Map<string, Concept[]>
  varieties: Map<string, Set<Variety>>
  prefixes: Map<string, Concept[]>
  /** By their first word, longest first. */
  phrases: Map<string, Phrase[]>
  withoutDoubles: Map<string, string[]>
  phonetic: Map<string, string[]>
  skeletons: Map<string, string[]>
  deletions: Map<string, string[]>
}

const FUZZY_LENGTH = 5
const SKELETON_LENGTH = 3

/** Reads the word lists of ./lexicon: `{ concept: { fr|ar|az: ["word, several words, stem*"] } }`. */
function compileLexicon(): Lexicon {
  const lexicon: Lexicon = {
    words: new Map(),
    varieties: new Map(),
    prefixes: new Map(),
    phrases: new Map(),
    withoutDoubles: new Map(),
    phonetic: new Map(),
    skeletons: new Map(),
    deletions: new Map(),
  }
  for (const concept of Object.keys(sources).filter(isConcept)) {
    for (const variety of ['fr', 'ar', 'az'] as const) {
      for (const entry of sources[concept][variety].flatMap(list => list.split(',')))
        addEntry(lexicon, { entry, concept, variety })
    }
  }
  for (const phrases of lexicon.phrases.values()) phrases.sort((a, b) => b.words.length - a.words.length)
  for (const word of lexicon.words.keys()) indexSpellings(lexicon, word)
  return lexicon
}

function isConcept(name: string): name is Concept {
  return name in sources
}

interface Entry {
  entry: string
  concept: Concept
  variety: Variety
}

function addEntry(lexicon: Lexicon, { entry, concept, variety }: Entry): void {
  const words = normalize(entry).split(' ')
  const [first = ''] = words
  if (entry.trim().endsWith('*')) return pushNew(lexicon.prefixes, first, concept)
  for (const word of words) {
    if (!lexicon.words.has(word)) lexicon.words.set(word, [])
    if (!lexicon.varieties.has(word)) lexicon.varieties.set(word, new Set())
    lexicon.varieties.get(word)?.add(variety)
  }
  if (words.length === 1) return pushNew(lexicon.words, first, concept)
  const known = lexicon.phrases.get(first)?.find(phrase => phrase.words.join(' ') === words.join(' '))
  if (!known) return pushNew(lexicon.phrases, first, { words, concepts: [concept] })
  if (!known.concepts.includes(concept)) known.concepts.push(concept)
}

function indexSpellings(lexicon: Lexicon, word: string): void {
  pushNew(lexicon.withoutDoubles, withoutDoubles(word), word)
  if (lexicon.varieties.get(word)?.has('az')) {
    pushNew(lexicon.phonetic, phoneticKey(word), word)
    const skeleton = skeletonKey(word)
    if (skeleton.length >= SKELETON_LENGTH) pushNew(lexicon.skeletons, skeleton, word)
  }
  if (word.length < FUZZY_LENGTH) return
  for (const shorter of deletions(word)) pushNew(lexicon.deletions, shorter, word)
}

function pushNew<T>(map: Map<string, T[]>, key: string, value: T): void {
  const values = map.get(key)
  if (!values) map.set(key, [value])
  else if (!values.includes(value)) values.push(value)
}

let compiled: Lexicon | undefined

/** Compiled at the first words that anybody writes: a tenth of the start's work, which a member would wait for. */
export function lexicon(): Lexicon {
  return (compiled ??= compileLexicon())
}
