import type { GraphRefusal } from '../directory/graph-answer.ts'

export const notificationKinds = ['archive', 'mail'] as const
export type NotificationKind = (typeof notificationKinds)[number]

/** One try of one notification. */
export interface Attempt {
  readonly dossierId: string
  readonly kind: NotificationKind
  /** Of all tries, this one included. */
  readonly number: number
  /** What an earlier try has made outside, which this one goes on with. */
  readonly externalId?: string
  /** The address of an upload that was begun. */
  readonly uploadUrl?: string
}

/** `pending` is tried again. Reasons are codes. */
export type Outcome =
  | { readonly state: 'done'; readonly externalId: string; readonly reason?: string }
  | { readonly state: 'skipped'; readonly reason: string }
  | { readonly state: 'pending'; readonly reason: string; readonly cause: 'throttled' | 'unavailable' | 'refused' }

/** Whatever Graph refuses is tried again: consent, a column or a folder may be put right, and then nothing is lost. */
export function postponed(refusal: GraphRefusal): Outcome {
  const { reason, code, status } = refusal
  const cause = reason === 'throttled' || reason === 'unavailable' ? reason : 'refused'
  return { state: 'pending', reason: status === undefined ? `${reason}:${code}` : `${reason}:${status}:${code}`, cause }
}
