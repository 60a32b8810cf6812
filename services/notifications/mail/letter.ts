import type { Language } from '../../language.ts'

/** What a confirmation tells: never for whom, for what, or with which document. */
export interface Confirmation {
  readonly language: Language
  readonly memberName: string
  readonly number: string
  readonly submittedAt: Date
}

/** `subject` and the beginning of `html` are read over shoulders, on lock screens. */
export interface Letter {
  readonly subject: string
  readonly html: string
}

export type WriteLetter = (confirmation: Confirmation) => Letter
