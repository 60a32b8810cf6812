import type { ReviewLabel } from './labels.ts'
import { isUnreserved } from './read-answers.ts'
import { namedMotif } from './read-choices.ts'
import type { Reading } from './reading.ts'

/** At the review: an edit of exactly one answer, or an unreserved order to send. */
export function readReview(reading: Reading): ReviewLabel | 'none' {
  if (reading.truncated) return 'none'
  const edits = editedFields(reading)
  if (edits.length > 0) return edits.length === 1 ? (edits[0] ?? 'none') : 'none'
  return sends(reading) ? 'submit' : 'none'
}

function editedFields(reading: Reading): ReviewLabel[] {
  if (reading.has('doubt')) return []
  const faulty = reading.has('change', 'wrong', 'new', 'old', 'not_this') || reading.denies('correct', 'same', 'mine')
  const personal = reading.has('self', 'spouse', 'child')
  const swapped = reading.has('not_mine') || reading.denies('self', 'spouse', 'child', 'beneficiary_field')
  const fields: ReviewLabel[] = []
  if (reading.mentions('account', 'bank') && (faulty || reading.denies('account') || isBare(reading)))
    fields.push('edit_rib')
  const motif = reading.has('oncology', 'extra_strong', 'unreimbursed') ? namedMotif(reading) : undefined
  if (reading.mentions('motif_field') && (faulty || reading.denies('motif_field') || isBare(reading)))
    fields.push('edit_motif')
  else if (
    motif &&
    (faulty || reading.denies('oncology', 'extra_strong', 'unreimbursed') || reading.has('option_word'))
  )
    fields.push('edit_motif')
  if (
    reading.mentions('document_field') &&
    (faulty || reading.has('lacking') || reading.denies('document_field') || isBare(reading))
  )
    fields.push('edit_document')
  const otherPerson = reading.unknown <= 2 && (swapped || (personal && faulty && fields.length === 0))
  if (otherPerson || (reading.mentions('beneficiary_field') && (faulty || isBare(reading))))
    fields.push('edit_beneficiary')
  return fields
}

/** "le motif", alone, answers "que souhaitez-vous modifier ?". */
function isBare(reading: Reading): boolean {
  return reading.weight === 1 && reading.unknown === 0
}

function sends(reading: Reading): boolean {
  if (!isUnreserved(reading) || reading.mentions('cancel', 'back', 'restart', 'help')) return false
  if (reading.denies('submit', 'confirm', 'correct', 'accept', 'want', 'yes', 'all', 'continue', 'info')) return false
  // A denied change may as well be a complaint: « ce n'est toujours pas corrigé ».
  if (reading.denies('change', 'wrong', 'lacking')) return false
  if (reading.negations > 0 || reading.has('nothing')) return false
  const agrees = reading.has('yes', 'submit', 'confirm', 'accept') || saysAllIsRight(reading)
  const only = reading.holdsOnly(
    'yes',
    'submit',
    'confirm',
    'accept',
    'correct',
    'all',
    'info',
    'request',
    'continue',
    'complete',
    'thanks',
    'greeting',
    'same',
    'read',
    'ask_for',
    'aid_word',
  )
  return agrees && only
}

function saysAllIsRight(reading: Reading): boolean {
  return reading.has('correct') || (reading.has('complete') && reading.has('request', 'all', 'info'))
}
