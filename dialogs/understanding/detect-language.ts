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

/**
 * The language to go on in, or undefined when the text does not tell (digits, "ok", names). Arabic counts as Arabic in
 * either script; Latin letters only when the words leave no doubt.
 */
export function detectLanguage(text: string): 'fr' | 'ar' | undefined {
  const words = tokenize(text).tokens.map(token => token.text)
  const arabic = words.filter(word => ARABIC.test(word)).length
  if (arabic > 0 && arabic * 2 >= words.length) return 'ar'
  const { french, arabizi } = countVarieties(words.filter(word => !NEUTRAL.has(word)))
  if (arabizi > french && (arabizi > 1 || words.length === 1 || french === 0)) return 'ar'
  return french > arabizi ? 'fr' : undefined
}
