import type { Context, GlobalLabel } from './labels.ts'
import { asksAmount, asksDelay, asksDocuments, asksEligibility, STRAY_WORDS } from './read-questions.ts'
import type { Concept } from './lexicon.ts'
import type { Reading } from './reading.ts'
import { reports } from './reported-speech.ts'

type Rule = (reading: Reading, context: Context) => boolean

/**
 * Tried in this order, the first that holds decides: questions before commands, for "comment annuler ?" asks less than
 * "annuler" does, and what undoes work last, after all that could explain the same words.
 */
const urgentRules: [GlobalLabel, Rule][] = [
  ['faq_petscan', reading => reading.mentions('pet_scan')],
  ['switch_ar', reading => wantsLanguage(reading, 'arabic', 'french')],
  ['switch_fr', reading => wantsLanguage(reading, 'french', 'arabic')],
  ['agent', wantsAgent],
  ['faq_eligibility', asksEligibility],
  ['faq_delay', asksDelay],
  ['faq_amount', asksAmount],
  ['faq_documents', asksDocuments],
  ['restart', wantsRestart],
  ['cancel', wantsCancel],
  ['history', wantsHistory],
  ['back', wantsBack],
  ['help', wantsHelp],
]

const mildRules: [GlobalLabel, Rule][] = [
  ['thanks', reading => reading.has('thanks') && isSocial(reading) && !reading.has('want', 'ask_for', 'new')],
  ['start_request', wantsRequest],
  ['thanks', blesses],
  ['greeting', reading => reading.has('greeting') && isSocial(reading)],
]

/** Commands and questions, which come before an answer to the question asked. */
export function readUrgent(reading: Reading, context: Context): GlobalLabel | 'none' {
  return firstOf(urgentRules, reading, context)
}

/** Courtesies and the wish for a request, which only count when the message answers nothing. */
export function readMild(reading: Reading, context: Context): GlobalLabel | 'none' {
  return firstOf(mildRules, reading, context)
}

function firstOf(rules: [GlobalLabel, Rule][], reading: Reading, context: Context): GlobalLabel | 'none' {
  return rules.find(([, holds]) => holds(reading, context))?.[0] ?? 'none'
}

function wantsLanguage(reading: Reading, wanted: 'arabic' | 'french', other: 'arabic' | 'french'): boolean {
  if (reading.mentions('document_field', 'documents', 'account', 'submit')) return false
  const missed =
    reading.denies(other) || (reading.mentions(other) && (reading.denies('understand', 'talk') || reading.has('doubt')))
  if (missed && !reading.has(wanted)) return reading.unknown <= STRAY_WORDS
  if (!reading.has(wanted) || reading.has(other) || reading.denies('understand', 'talk')) return false
  if (reading.words.some(word => word === 'fr' || word === 'ar'))
    return reading.words.length <= 3 && reading.unknown === 0
  return reading.unknown <= STRAY_WORDS
}

function wantsAgent(reading: Reading): boolean {
  if (reading.mentions('eligible', 'status_person') || reading.denies('agent', 'talk')) return false
  if (reading.has('agent')) return reading.has('talk', 'want', 'help') || reading.unknown === 0
  if (reading.unknown > STRAY_WORDS) return false
  return (
    (reading.has('talk', 'help', 'hand') && reading.has('someone')) ||
    (reading.has('talk') && reading.unknown === 0 && reading.weight === 1)
  )
}

function wantsRestart(reading: Reading): boolean {
  if (reports(reading) || saysNoAfter(reading, ['restart', 'from_start'])) return false
  if (reading.unknown > STRAY_WORDS || reading.denies('restart') || reading.denies('want')) return false
  if (reading.mentions('document_field', 'account', 'motif_field', 'beneficiary_field', 'submit', 'wrong', 'off_topic'))
    return false
  if (reading.has('from_start')) return reading.unknown <= 1
  if (reading.asked && !reading.has('how', 'want', 'can')) return false
  return reading.has('restart') && reading.unknown === 0 && reading.weight <= STRAY_WORDS + 1
}

function wantsCancel(reading: Reading): boolean {
  const givesUp =
    reading.has('no_longer') && reading.mentions('want', 'continue', 'request') && !reading.mentions('understand')
  const erases = reading.has('erase') && reading.has('request') && reading.unknown === 0
  if (!(reading.has('cancel') || givesUp || erases) || reading.denies('cancel', 'erase')) return false
  if (reading.unknown > (reading.has('no_longer') ? 0 : 1)) return false
  // "ma demande est-elle annulée ?" asks for news, "puis-je annuler ?" for the thing itself.
  if (reading.asked && !reading.has('how', 'want', 'can')) return false
  if (reading.mentions('account', 'motif_field', 'beneficiary_field', 'change', 'off_topic', 'bank')) return false
  if (reading.mentions('oncology', 'extra_strong', 'extra_weak', 'spouse', 'child')) return false
  if (reports(reading) || saysNoAfter(reading, ['cancel', 'erase'])) return false
  return !reading.has('doubt', 'wait', 'but', 'if', 'submit')
}

/** « annuler, non », « annuler, surtout pas ». */
function saysNoAfter({ matches }: Reading, command: Concept[]): boolean {
  const first = matches.findIndex(match => match.concepts.some(concept => command.includes(concept)))
  return matches.slice(first + 1).some(match => match.concepts.includes('no'))
}

function wantsHistory(reading: Reading, context: Context): boolean {
  if (reading.has('off_topic') || reading.mentions('submit', 'change', 'wrong')) return false
  if (reading.unknown > STRAY_WORDS + 2) return false
  if (reading.has('history')) return reading.unknown <= 1 || reading.has('request', 'see')
  if (!reading.has('request')) return reading.has('where') && reading.has('progress') && reading.weight <= 3
  if (reading.has('where') || (reading.has('progress') && !reading.has('continue'))) return true
  if (reading.asked && reading.has('outcome', 'cancel')) return true
  return reading.has('see') && (context === 'any' || reading.has('old'))
}

function wantsBack(reading: Reading): boolean {
  if (reading.unknown > STRAY_WORDS || reading.denies('back') || reading.denies('want')) return false
  if (reading.mentions('reimbursed', 'insurer', 'submit', 'change', 'wait')) return false
  if (reading.mentions('document_field') && !reading.has('step')) return false
  if (reading.has('back')) return reading.unknown <= (reading.has('step', 'previous') ? STRAY_WORDS : 0)
  return (
    reading.has('previous') && (reading.has('step') || reading.weight === 1) && !reading.mentions('account', 'request')
  )
}

function wantsHelp(reading: Reading, context: Context): boolean {
  if (reading.has('off_topic') || reading.unknown > STRAY_WORDS + 1) return false
  if (reading.denies('understand')) return true
  if (context === 'document' && reading.has('how') && reading.has('document_field')) return true
  if (reading.has('how') && reading.has('continue')) return reading.unknown <= 1
  if (reading.has('what_is') && context !== 'any') return reading.unknown <= STRAY_WORDS
  if (reading.has('help')) return !reading.has('exceptional')
  return reading.has('aid_word') && reading.holdsOnly('aid_word', 'greeting') && !reading.words.some(isDefinite)
}

/** "l'aide" and المساعدة name the service; without the article they call for help. */
function isDefinite(word: string): boolean {
  return /^(?:l$|ال|لل|lm)/u.test(word)
}

function wantsRequest(reading: Reading, context: Context): boolean {
  if (reading.has('off_topic') || reading.denies('want', 'ask_for', 'request') || reading.unknown > STRAY_WORDS + 1)
    return false
  if (reading.mentions('document_field', 'account', 'motif_field', 'beneficiary_field') && !reading.has('request'))
    return false
  if (reading.has('request') && reading.has('new') && !reading.has('change')) return true
  if (context !== 'any' && reading.mentions('submit', 'change', 'confirm', 'wait', 'correct')) return false
  if (reading.has('ask_for'))
    return reading.has('request', 'aid_word', 'exceptional', 'want', 'new') || reading.weight <= 1
  if (reading.has('want') && reading.has('request', 'aid_word', 'eligible', 'exceptional')) return true
  return (
    reading.has('aid_word') &&
    (reading.has('exceptional', 'request') || reading.words.some(isDefinite)) &&
    reading.unknown === 0
  )
}

const GOD = new Set(['الله', 'لله', 'allah', 'lah', 'llah'])

/** Darija thanks with a blessing, and there is no end of them: الله يسهل عليكم, lah ynourkom. */
function blesses(reading: Reading): boolean {
  const [first = '', second = ''] = reading.words
  return (
    GOD.has(first) && /^[يyi]/u.test(second) && reading.weight <= STRAY_WORDS + 1 && reading.weight === reading.unknown
  )
}

function isSocial(reading: Reading): boolean {
  return reading.unknown <= STRAY_WORDS && !reading.has('no', 'off_topic')
}
