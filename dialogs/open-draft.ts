import { nextStep, type Draft } from '../services/drafts/draft.ts'
import { AppError } from '../services/errors.ts'
import type { Relative } from '../services/members/member.ts'
import type { TurnScope } from './turn-scope.ts'

/** The draft that a question of a request is about. @throws {AppError} `invariant` when none is open */
export function openDraft({ draft }: Pick<TurnScope, 'draft'>): Draft {
  if (!draft.current) throw new AppError('invariant', 'a question of a request was asked without a draft')
  return draft.current
}

/** Whether the person is, or was, asked for: there are several, or the one who was chosen is on file no more. */
export function asksForPerson(scope: TurnScope): boolean {
  const { current } = scope.draft
  if (!current) return false
  return nextStep(current) === 'person' || relativesFor(scope, current.beneficiary).length > 1
}

/** The member's relatives on file of the kind that the request is for; none when it is for the member. */
export function relativesFor({ member }: TurnScope, beneficiary: Draft['beneficiary']): readonly Relative[] {
  return member.relatives.filter(({ kind }) => kind === beneficiary)
}
