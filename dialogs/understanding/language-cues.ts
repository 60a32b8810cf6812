const ARTICLES = new Set(
  'un une le la les l de du des d au aux en par pour sur avec dans est et ou ce ces c j qu'.split(' '),
)

/** Two consonants that a French word can begin with; Arabizi, which leaves out short vowels, has all the others. */
const FRENCH_ONSET = /^(?:[bcdfgpv]r|tr|[bcfgpv]l|ch|ph|th|gn|qu|s[cpt]|ps|pn|wh|kr|kl|sch|y|h)/
const TWO_CONSONANTS = /^[bcdfghjklmnpqrstvwxz]{2}/
/** ق, ع, ح, خ and غ in Latin letters, and the sounds that French spells otherwise. */
const ARABIZI_LETTERS =
  /[a-z][2356789]|[2356789][a-z]|kh|gh(?![enit])|dh|aa|q(?!u)|w(?!eb|ifi)|^(?:kay|kat|kan|tay|tat|tan)|^ma.{2,}ch$/
const FRENCH_ENDING =
  /(?:tions?|sions?|ments?|eurs?|euses?|eux|ances?|ences?|ques?|oires?|ables?|ages?|aux|ettes?|elles?|ees?|ais|ait|aient|ons|ez|er|ir|ives?|ite|ites)$/

/** What the spelling of a folded word tells of its language, where no list knows the word. */
export function spellingOf(word: string): 'french' | 'arabizi' | 'article' | undefined {
  if (ARTICLES.has(word)) return 'article'
  if (/^\d+$/.test(word) || word.length < 3) return undefined
  if (ARABIZI_LETTERS.test(word)) return 'arabizi'
  if (TWO_CONSONANTS.test(word) && !FRENCH_ONSET.test(word)) return 'arabizi'
  return FRENCH_ENDING.test(word) ? 'french' : undefined
}
