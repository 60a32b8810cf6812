import { z } from 'zod'
import type { Row } from '../storage/database.ts'
import { part } from '../storage/joined-row.ts'
import type { StoredActivity } from './activity.ts'
import { toActivity } from './rows.ts'
import { referenceRow, type TeamsReference } from './teams-conversations.ts'

/** `uncertain`: nobody knows whether Teams took it, and it is never sent again. `refused`: Teams will not have it. */
export type DeliveryState = 'sending' | 'sent' | 'uncertain' | 'refused'

export interface Delivery {
  readonly position: number
  readonly state: DeliveryState
  /** Teams' id of the message that shows it. */
  readonly teamsActivityId?: string
  /** The message that shows this one too. */
  readonly shownIn?: number
  /** Whether its message shows this one and no other. */
  readonly isAlone: boolean
}

export interface Progress {
  /** Everything up to here was sent, or will not be. */
  readonly deliveredSeq: number
  readonly attempts: number
  readonly retryAt?: Date
  readonly isBlocked: boolean
}

export interface Outgoing {
  readonly activity: StoredActivity
  /** What became of it before: it is an edit, or was cut short. */
  readonly known: Delivery | undefined
}

/** A conversation, how far it is sent, and what waits to be. */
export interface Unsent {
  readonly reference: TeamsReference
  readonly progress: Progress
  /** In order of commit; what came in is left out. */
  readonly outgoing: readonly Outgoing[]
  /** As much as was asked for: more may wait. */
  readonly isFull: boolean
}

const deliveryRow = z.object({
  position: z.number(),
  state: z.enum(['sending', 'sent', 'uncertain', 'refused']),
  teams_activity_id: z.string().nullable(),
  shown_in: z.number().nullable(),
  is_alone: z.boolean(),
})

const progressRow = z.object({
  delivered_seq: z.number(),
  attempts: z.number(),
  retry_at: z.date().nullable(),
  blocked_at: z.date().nullable(),
})

/** Of `unsent`: one row for each activity, each with its conversation, `limit` at most. */
export function toUnsent(rows: readonly Row[], limit: number): Unsent {
  const [first = {}] = rows
  const place = part(first, 't', 'conversation_id') ?? {}
  return {
    reference: referenceRow.parse(place),
    progress: toProgress(progressRow.parse(place)),
    outgoing: rows.flatMap(row => toOutgoing(row)),
    isFull: rows.length === limit,
  }
}

function toOutgoing(row: Row): Outgoing[] {
  const activity = part(row, 'a', 'conversation_id')
  const delivery = part(row, 'd', 'position')
  return activity
    ? [{ activity: toActivity(activity), known: delivery && toDelivery(deliveryRow.parse(delivery)) }]
    : []
}

function toProgress(row: z.infer<typeof progressRow>): Progress {
  return {
    deliveredSeq: row.delivered_seq,
    attempts: row.attempts,
    isBlocked: row.blocked_at !== null,
    ...(row.retry_at !== null && { retryAt: row.retry_at }),
  }
}

function toDelivery(row: z.infer<typeof deliveryRow>): Delivery {
  return {
    position: row.position,
    state: row.state,
    isAlone: row.is_alone,
    ...(row.teams_activity_id !== null && { teamsActivityId: row.teams_activity_id }),
    ...(row.shown_in !== null && { shownIn: row.shown_in }),
  }
}
