import type { MessageKey } from '../locales/translator.ts'
import { forget } from '../services/drafts/draft.ts'
import { openDraft, relativesFor } from './open-draft.ts'
import type { TurnScope } from './turn-scope.ts'

/** The person was taken off the register since they were chosen. Who else is on file is asked for, never taken silently. */
function refreshPerson(scope: TurnScope): MessageKey | undefined {
  const draft = openDraft(scope)
  if (!draft.beneficiary || draft.beneficiary === 'member' || draft.relativeId) return undefined
  if (relativesFor(scope, draft.beneficiary).length > 0) return undefined
  scope.draft.change(forget(draft, 'beneficiary'))
  return 'beneficiary.changed'
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
