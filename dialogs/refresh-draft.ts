import type { MessageKey } from '../locales/translator.ts'
import { chooseBeneficiary, forget } from '../services/drafts/draft.ts'
import { openDraft, relativesFor } from './open-draft.ts'
import type { TurnScope } from './turn-scope.ts'

/** The person was taken off the register, or a second one was put on it, since the beneficiary was chosen. */
function refreshPerson(scope: TurnScope): MessageKey | undefined {
  const draft = openDraft(scope)
  if (!draft.beneficiary || draft.beneficiary === 'member' || draft.relativeId) return undefined
  const relatives = relativesFor(scope, draft.beneficiary)
  if (relatives.length > 1) return undefined
  const [only] = relatives
  scope.draft.change(only ? chooseBeneficiary(draft, draft.beneficiary, [only]) : forget(draft, 'beneficiary'))
  return only ? undefined : 'beneficiary.changed'
}

/**
 * Forgets what the foundation's register no longer bears out: a RIB or a relative that was confirmed and has changed since.
 * @returns the sentence that says so, if anything was forgotten
 */
export function refreshDraft(scope: TurnScope): MessageKey | undefined {
  const draft = openDraft(scope)
  const outdated = scope.submissions.outdated(draft, scope.member)
  if (!outdated) return refreshPerson(scope)
  scope.draft.change(forget(draft, outdated))
  return `${outdated}.changed`
}
