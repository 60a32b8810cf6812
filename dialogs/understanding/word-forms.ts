import type { Lexicon } from './lexicon.ts'
import { deletions, soundAlike, isOneTypoApart, phoneticKey, skeletonKey, withoutDoubles } from './spelling.ts'

interface WordForms {
  /** Words of the lexicon that this may be, most literal first. */
  forms: string[]
  /** Written with the Arabic circumfix ما…ش, ma…ch: the word denies itself. */
  denied: boolean
  /** Found by taking clitics off or by allowing for a typo. */
  guessed: boolean
}

const STEM_LENGTH = 3
const LONGEST_WORD = 24
/** Under this length two words sound alike by chance: "name" and "naam". */
const SURE_SOUND_LENGTH = 5
const FUZZY_LENGTH = 5
/** Short Arabic words are too near one another for typos to tell. */
const FUZZY_ARABIC_LENGTH = 6
const ARABIC = /^[\u0620-\u06ff]/u
const ARABIC_PREFIXES =
  'ال وال بال فال كال لل ولل دال عال هاد و ف ب ل ك د ت ن ي ا كن كت كي كان كات كاي تن تي تان تاي غن غت غي غان غات غاي غ س سا سن ست سي ون وي فن ول وب وكن وكي بن'
    .split(' ')
    .sort((a, b) => a.length - b.length)
const ARABIC_SUFFIXES = 'ي ك ه ها نا كم هم ني ت تو و وا ا ين ون ات ش يا لي ليا ليه وه وها ته تها تي تك تكم وش'.split(
  ' ',
)
const LATIN_PREFIXES =
  'l el al ll d b f w o ou bl fl dl lil lel dyal n t y i k ka kan kat kay ki ta tan tat tay gha ghan ghat ghay nt kn kt wl'
    .split(' ')
    .sort((a, b) => a.length - b.length)
const LATIN_SUFFIXES = 'i ya ia k ek ik h ha ou o u na kom koum hom ni li liya t at in ine ch iw iwh'.split(' ')
const DENIED_ARABIC = /^ما?(.{3,})ش$/u
const DENIED_LATIN = /^ma?(.{3,})(?:ch|sh)$/
/** ما and "ma" are also written in one with the verb, and the closing ش left out. */
const DENIED_OPENLY = /^(?:ma|ما)(.{4,})$/u

/** Finds the words of the lexicon that a written word may stand for: as written, else respelt, else without clitics, else mistyped. */
export function wordForms(lexicon: Lexicon, word: string, isFrench: boolean): WordForms {
  const respelt = respellings(lexicon, word)
  if (lexicon.words.has(word)) {
    const denied = isOnlyInPhrases(lexicon, word) && !isFrench ? deniedForms(lexicon, word) : []
    return { forms: [word, ...respelt, ...denied], denied: denied.length > 0, guessed: false }
  }
  if (respelt.length > 0) return { forms: respelt, denied: false, guessed: false }
  if (word.length > LONGEST_WORD || /^\d+$/.test(word)) return { forms: [], denied: false, guessed: false }
  if (isFrench) return { forms: typos(lexicon, word), denied: false, guessed: true }
  const denied = deniedForms(lexicon, word)
  if (denied.length > 0) return { forms: denied, denied: true, guessed: false }
  const sounding = soundingForms(lexicon, word)
  if (sounding.length > 0) return { forms: sounding, denied: false, guessed: word.length < SURE_SOUND_LENGTH }
  return { forms: guessedForms(lexicon, word), denied: false, guessed: true }
}

/** "mabghitch nkmel" is a phrase, and "mabghitch" by itself denies what follows. */
const isOnlyInPhrases = (lexicon: Lexicon, word: string): boolean => lexicon.words.get(word)?.length === 0

function respellings(lexicon: Lexicon, word: string): string[] {
  return lexicon.withoutDoubles.get(withoutDoubles(word))?.filter(form => form !== word) ?? []
}

function soundingForms(lexicon: Lexicon, word: string): string[] {
  return ARABIC.test(word) ? [] : (lexicon.phonetic.get(phoneticKey(word)) ?? [])
}

function deniedForms(lexicon: Lexicon, word: string): string[] {
  const core = (ARABIC.test(word) ? DENIED_ARABIC : DENIED_LATIN).exec(word)?.[1]
  if (core) {
    const forms = lexicon.words.has(core) ? [core] : [...soundingForms(lexicon, core), ...guessedForms(lexicon, core)]
    if (forms.length > 0) return forms
  }
  const open = DENIED_OPENLY.exec(word)?.[1]
  return open && lexicon.words.has(open) ? [open] : []
}

function guessedForms(lexicon: Lexicon, word: string): string[] {
  if (ARABIC.test(word)) return firstFound([() => arabicStems(lexicon, word), () => typos(lexicon, word)])
  return firstFound([
    () => latinStems(lexicon, word),
    () => typos(lexicon, word),
    () => lexicon.skeletons.get(skeletonKey(word))?.filter(form => soundAlike(form, word)) ?? [],
  ])
}

function firstFound(searches: (() => string[])[]): string[] {
  for (const search of searches) {
    const found = search()
    if (found.length > 0) return found
  }
  return []
}

function arabicStems(lexicon: Lexicon, word: string): string[] {
  return stems(word, ARABIC_PREFIXES, ARABIC_SUFFIXES)
    .filter(stem => lexicon.words.has(stem))
    .slice(0, 1)
}

function latinStems(lexicon: Lexicon, word: string): string[] {
  for (const stem of stems(word, LATIN_PREFIXES, LATIN_SUFFIXES)) {
    if (lexicon.words.has(stem)) return [stem]
    const alike = lexicon.phonetic.get(phoneticKey(stem))
    if (alike) return alike
  }
  return []
}

/** The word without a suffix, without a prefix, without both; what takes the least away comes first. */
function stems(word: string, prefixes: string[], suffixes: string[]): string[] {
  const found: string[] = []
  for (const prefix of ['', ...prefixes]) {
    if (!word.startsWith(prefix)) continue
    for (const suffix of ['', ...suffixes]) {
      const stem = word.slice(prefix.length, word.length - suffix.length)
      if (word.endsWith(suffix) && stem.length >= STEM_LENGTH && prefix.length + suffix.length < word.length)
        found.push(stem)
    }
  }
  return found.sort((a, b) => b.length - a.length)
}

function typos(lexicon: Lexicon, word: string): string[] {
  if (word.length < FUZZY_LENGTH) return []
  const isLatin = !ARABIC.test(word)
  const found = new Set<string>()
  for (const shorter of deletions(word)) {
    for (const candidate of lexicon.deletions.get(shorter) ?? []) {
      const isArabic = !isLatin || !lexicon.varieties.get(candidate)?.has('fr')
      if (isArabic && word.length < FUZZY_ARABIC_LENGTH) continue
      if (candidate[0] === word[0] && isOneTypoApart(candidate, word)) found.add(candidate)
    }
  }
  return [...found]
}
