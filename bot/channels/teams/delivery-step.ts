import type { StoredActivity } from '../../../services/conversations/activity.ts'
import type { TeamsReference } from '../../../services/conversations/teams-conversations.ts'
import type { Outgoing, Unsent } from '../../../services/conversations/unsent.ts'

/** More than any turn says, so that what belongs together is seen together. */
export const BATCH = 30

export interface Step {
  readonly reference: TeamsReference
  /** What leaves as one message. */
  readonly activities: readonly StoredActivity[]
  readonly attempts: number
  /** What leaves right behind it: marked as soon as this is settled. */
  readonly begins?: readonly number[] | undefined
}

export interface FirstStep extends Step, Pick<Outgoing, 'known'> {}

/** What leaves first, with all that belongs to it. @returns undefined when nothing waits */
export function firstStep({ reference, progress, outgoing }: Unsent): FirstStep | undefined {
  const [first] = outgoing
  if (!first) return undefined
  const { activity, known } = first
  const activities = known || isEdit(activity) ? [activity] : together(outgoing)
  return { reference, activities, attempts: progress.attempts, known }
}

/** What waits once this step is behind us. */
export function behind({ reference, progress, outgoing, isFull }: Unsent, { activities }: Step): Unsent {
  const { deliveredSeq, isBlocked } = progress
  const waiting = outgoing.slice(activities.length)
  return { reference, progress: { deliveredSeq, isBlocked, attempts: 0 }, outgoing: waiting, isFull }
}

export const positionsOf = ({ activities }: Step) => activities.map(({ position }) => position)
export const seqOf = ({ activities }: Step) => Math.max(...activities.map(({ seq }) => seq))

const isEdit = ({ position, seq }: StoredActivity) => position !== seq

/** Sentences go with the card, or the sentence, that follows them: a step is one message. */
function together(outgoing: readonly Outgoing[]): StoredActivity[] {
  const isFollowed = ({ body }: StoredActivity) =>
    body.type === 'message' && body.attachments === undefined && body.suggestedActions === undefined
  const end = outgoing.findIndex(({ activity }, index) => {
    const next = outgoing[index + 1]
    return (
      !isFollowed(activity) || !next || next.known || isEdit(next.activity) || next.activity.body.type !== 'message'
    )
  })
  return outgoing.slice(0, end + 1).map(({ activity }) => activity)
}
