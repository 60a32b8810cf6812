import type { Language } from '../language.ts'

/** In the order in which they are asked. `person` is asked only when several relatives of the kind are on file. */
export const steps = ['consent', 'rib', 'beneficiary', 'person', 'motif', 'document', 'review'] as const
export type Step = (typeof steps)[number]
export type AnswerStep = Exclude<Step, 'consent' | 'review'>

export const beneficiaries = ['member', 'spouse', 'child'] as const
export type Beneficiary = (typeof beneficiaries)[number]

export const motifs = ['oncology', 'extraCosts', 'unreimbursed'] as const
export type Motif = (typeof motifs)[number]

export type Channel = 'webchat' | 'msteams'

/** Express consent before any health data: which text, in which language, when (law 09-08, art. 4 and 21). */
export interface Consent {
  readonly version: string
  readonly language: Language
  readonly at: Date
}

export interface DraftDocument {
  readonly id: string
  readonly name: string
  readonly pages: number
}

/** The answers so far of one member's open request. Its id is the id of the dossier that it becomes. */
export interface Draft {
  readonly id: string
  readonly memberId: string
  readonly version: number
  readonly consent?: Consent
  readonly ribHash?: Uint8Array
  readonly beneficiary?: Beneficiary
  readonly relativeId?: string
  readonly motif?: Motif
  readonly document?: DraftDocument
  /** The answer being changed from the review: it is kept until the new one is given. */
  readonly editing?: AnswerStep
  readonly language: Language
  readonly channel: Channel
  readonly startedAt: Date
  readonly updatedAt: Date
}

type Answer = 'ribHash' | 'beneficiary' | 'relativeId' | 'motif' | 'document' | 'editing'

function without(draft: Draft, ...cleared: readonly Answer[]): Draft {
  const kept: { -readonly [K in keyof Draft]: Draft[K] } = { ...draft }
  for (const answer of cleared) delete kept[answer]
  return kept
}

const isGiven: Record<Exclude<Step, 'review'>, (draft: Draft) => boolean> = {
  consent: draft => draft.consent !== undefined,
  rib: draft => draft.ribHash !== undefined,
  beneficiary: draft => draft.beneficiary !== undefined,
  person: draft => draft.beneficiary === 'member' || draft.relativeId !== undefined,
  motif: draft => draft.motif !== undefined,
  document: draft => draft.document !== undefined,
}

/** The step whose answer is asked now: the one being edited, else the first missing one, else the review. */
export function nextStep(draft: Draft): Step {
  if (draft.editing) return draft.editing
  return steps.find(step => step !== 'review' && !isGiven[step](draft)) ?? 'review'
}

export function acceptNotice(draft: Draft, consent: Consent): Draft {
  return { ...draft, consent }
}

export function confirmRib(draft: Draft, ribHash: Uint8Array): Draft {
  return { ...without(draft, 'editing'), ribHash }
}

/** Chooses who the request is for; `relatives` are those on file of that kind. The only one is taken, several are asked. */
export function chooseBeneficiary(draft: Draft, beneficiary: Beneficiary, relatives: readonly { id: string }[]): Draft {
  const base = without(draft, 'editing', 'relativeId')
  const [only, another] = relatives
  if (beneficiary === 'member' || !only || another) return { ...base, beneficiary }
  return { ...base, beneficiary, relativeId: only.id }
}

export function choosePerson(draft: Draft, relativeId: string): Draft {
  return { ...without(draft, 'editing'), relativeId }
}

export function chooseMotif(draft: Draft, motif: Motif): Draft {
  return { ...without(draft, 'editing'), motif }
}

export function attachDocument(draft: Draft, document: DraftDocument): Draft {
  return { ...without(draft, 'editing'), document }
}

/** Asks one answer again, from the review; the review comes back after it. */
export function edit(draft: Draft, step: AnswerStep): Draft {
  return { ...draft, editing: step }
}

/** The RIB or the relative is no longer as it was confirmed: that answer is asked again, the others stay. */
export function forget(draft: Draft, step: 'rib' | 'beneficiary'): Draft {
  return step === 'rib' ? without(draft, 'ribHash') : without(draft, 'beneficiary', 'relativeId')
}

/** Whether anything would be lost if the request began anew. */
export function hasAnswers({ ribHash, beneficiary, motif, document }: Draft): boolean {
  return Boolean(ribHash ?? beneficiary ?? motif ?? document)
}

/**
 * One step back: clears the last answer. While an answer is being edited, back returns to the review with the old answer;
 * from the review it asks for the document again, and the file that is there stays until another one is accepted.
 * @param asksForPerson several persons are on file, so that one is asked for
 * @returns undefined at the first question, where there is nothing to go back to
 */
export function back(draft: Draft, asksForPerson: boolean): Draft | undefined {
  if (draft.editing) return without(draft, 'editing')
  switch (nextStep(draft)) {
    case 'consent':
    case 'rib':
      return undefined
    case 'beneficiary':
      return without(draft, 'ribHash')
    case 'person':
      return without(draft, 'beneficiary')
    case 'motif':
      return asksForPerson ? without(draft, 'relativeId') : without(draft, 'beneficiary', 'relativeId')
    case 'document':
      return without(draft, 'motif')
    case 'review':
      return edit(draft, 'document')
  }
}

/** Clears every answer but the consent. */
export function restart(draft: Draft): Draft {
  return without(draft, 'ribHash', 'beneficiary', 'relativeId', 'motif', 'document', 'editing')
}

/** Where a step stands among those that this draft goes through, for the stepper; `index` counts from 1. */
export function progress(draft: Draft, asksForPerson: boolean): { index: number; total: number } {
  const visited = steps.filter(step => step !== 'person' || asksForPerson)
  return { index: visited.indexOf(nextStep(draft)) + 1, total: visited.length }
}
