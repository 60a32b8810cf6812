import type { Outcome } from '../../support/direct-line-member.ts'
import type { Plan } from './requests.ts'

/** One thing that a member did, with what became of each try to send it. */
export interface Invocation {
  readonly clientId: string
  readonly step: string
  readonly activity: object
  readonly outcomes: Outcome[]
}

/** A request that was told to be stored. */
export interface Submitted {
  readonly plan: Plan
  readonly number: string
}

/** An activity as a page received it. */
export interface Received {
  readonly position: number
  /** All of it that a member can tell from another. */
  readonly content: string
}

/** Everything that a member did and was told. */
export interface MemberHistory {
  readonly ppr: string
  readonly invocations: readonly Pick<Invocation, 'clientId' | 'step' | 'outcomes'>[]
  readonly submitted: readonly Submitted[]
  /** The bubbles that the page shows at the end, in order. */
  readonly shown: readonly number[]
  /** All that came, of every connection, in order. */
  readonly received: readonly Received[]
}

export interface StoredMessage {
  readonly position: number
  readonly direction: 'in' | 'out'
  readonly type: string
  readonly clientId: string | undefined
  readonly due: boolean
}

export interface StoredDossier {
  readonly number: string
  readonly beneficiary: string
  /** The kind of the relative, or `member`. */
  readonly relative: string
  readonly motif: string
  /** The document, opened. */
  readonly file: Buffer
}

/** What the base holds of a member at the end. */
export interface MemberStored {
  readonly ppr: string
  readonly messages: readonly StoredMessage[]
  readonly dossiers: readonly StoredDossier[]
}

/** What the base holds at the end. */
export interface Stored {
  readonly members: readonly MemberStored[]
  /** The running part of every dossier's number, in order. */
  readonly numbers: readonly number[]
  /** Documents that cannot be opened. */
  readonly broken: readonly string[]
  /** Documents that a sweep leaves, and those that a draft or a dossier refers to. */
  readonly kept: readonly string[]
  readonly used: readonly string[]
}
