import { spellingOf } from './language-cues.ts'
import { tokenize } from './normalize.ts'
import { countVarieties } from './varieties.ts'

const ARABIC = /^[\u0620-\u06ff]/u
/**
 * Words that do not tell the language of who writes them: French words that everyone in Morocco uses, the portal's French
 * buttons, and greetings that French speakers open with.
 */
const NEUTRAL = new Set(
  (
    'ok okay oki oui non merci mrc svp rib pdf cnops amo motif dossier document fichier conjoint adherent enfant un a la le ' +
    'confirmer terminer demander ajouter suivant retour fermer annuler salam slm salamo safi wakha stop help pet scan petscan'
  ).split(' '),
)
/** From this many words on a text is a sentence: how its unknown words are spelt tells, too. */
const SENTENCE = 3

/**
 * The language to go on in, or undefined when the text does not tell (digits, "ok", names). Arabic counts as Arabic in
 * either script; Latin letters only when the words leave no doubt.
 */
export function detectLanguage(text: string): 'fr' | 'ar' | undefined {
  const words = tokenize(text).tokens.map(token => token.text)
  const arabic = words.filter(word => ARABIC.test(word)).length
  if (arabic > 0 && arabic * 2 >= words.length) return 'ar'
  const telling = words.filter(word => !NEUTRAL.has(word))
  const { french, arabizi } = countVarieties(telling)
  if (arabizi > french && (arabizi > 1 || words.length === 1 || french === 0)) return 'ar'
  if (french > arabizi) return 'fr'
  return words.length >= SENTENCE ? bySpelling(words, telling) : undefined
}

/** Where the known words leave it open, how the other ones are spelt decides. */
function bySpelling(words: readonly string[], telling: readonly string[]): 'fr' | 'ar' | undefined {
  const spelt = telling.map(spellingOf)
  const arabizi = spelt.filter(spelling => spelling === 'arabizi').length
  const articles = words.filter(word => spellingOf(word) === 'article').length
  const french = spelt.filter(spelling => spelling === 'french').length + articles
  if (arabizi === french) return undefined
  return arabizi > french ? 'ar' : 'fr'
}
