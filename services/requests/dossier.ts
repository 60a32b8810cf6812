import type { Beneficiary, Motif } from '../drafts/draft.ts'

export const dossierStatuses = [
  'received',
  'inReview',
  'incomplete',
  'accepted',
  'rejected',
  'paid',
  'cancelled',
] as const
export type DossierStatus = (typeof dossierStatuses)[number]

/** A line of a member's history. */
export interface DossierSummary {
  readonly number: string
  readonly beneficiary: Beneficiary
  readonly personName?: string
  readonly motif: Motif
  readonly status: DossierStatus
  readonly submittedAt: Date
}

/** Stands in the stored reply for the number, which the transaction's last statement gives. */
export const NUMBER_PLACEHOLDER = '⟦DOSSIER⟧'

const year = new Intl.DateTimeFormat('en', { timeZone: 'Africa/Casablanca', year: 'numeric' })

/** The year that a dossier's number carries: Morocco's, which may differ from UTC's around midnight. */
export function dossierYear(at: Date): number {
  return Number(year.format(at))
}
