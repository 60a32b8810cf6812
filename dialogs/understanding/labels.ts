/** The questions that a message can answer; `any` is no question. */
export type Context = 'any' | 'consent' | 'rib' | 'beneficiary' | 'motif' | 'document' | 'review'

/** What a message can mean whatever was asked. */
export type GlobalLabel =
  | 'agent'
  | 'back'
  | 'cancel'
  | 'faq_amount'
  | 'faq_delay'
  | 'faq_documents'
  | 'faq_eligibility'
  | 'faq_petscan'
  | 'greeting'
  | 'help'
  | 'history'
  | 'restart'
  | 'start_request'
  | 'switch_ar'
  | 'switch_fr'
  | 'thanks'

export type ConsentLabel = 'accept' | 'decline'
export type RibLabel = 'confirm' | 'reject' | 'change'
export type BeneficiaryLabel = 'member' | 'spouse' | 'child'
export type MotifLabel = 'oncology' | 'extra_costs' | 'unreimbursed'
export type ReviewLabel = 'submit' | 'edit_rib' | 'edit_beneficiary' | 'edit_motif' | 'edit_document'
export type Label = GlobalLabel | ConsentLabel | RibLabel | BeneficiaryLabel | MotifLabel | ReviewLabel
