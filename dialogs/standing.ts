import type { Draft } from '../services/drafts/draft.ts'
import { nextStep } from '../services/drafts/draft.ts'
import type { AskedQuestion } from './conversation-memory.ts'
import type { AnswerValue } from './token.ts'
import type { TurnScope } from './turn-scope.ts'

/** Whether an answer is one to the question that stands now, and if not, why. */
export type Standing = 'current' | 'other-draft' | 'past' | 'elsewhere' | 'nothing-asked'

function isCurrent(asked: AskedQuestion | undefined, draft: Draft): asked is AskedQuestion {
  return asked !== undefined && asked.draft === draft.id && asked.version === draft.version
}

function standingOfCard(value: AnswerValue, asked: AskedQuestion | undefined, draft: Draft): Standing {
  if (value.draft !== draft.id) return 'other-draft'
  const expected = isCurrent(asked, draft) ? asked.step : nextStep(draft)
  if (value.version === draft.version && value.step === expected) return 'current'
  return asked && !isCurrent(asked, draft) ? 'elsewhere' : 'past'
}

/**
 * A card's answer is measured by what the card carries; typed words and files by the question that this conversation
 * asked last: the draft may have gone on from another device since.
 */
export function standing({ message, memory, draft }: TurnScope): Standing {
  const current = draft.current
  if (message.kind === 'answer') {
    return current ? standingOfCard(message.value, memory.asked, current) : 'other-draft'
  }
  if (!current || !memory.asked) return 'nothing-asked'
  return isCurrent(memory.asked, current) ? 'current' : 'elsewhere'
}

/** Whether the question that this conversation asked last still stands. */
export function isAsked({ memory, draft }: TurnScope): boolean {
  return draft.current !== undefined && isCurrent(memory.asked, draft.current)
}
