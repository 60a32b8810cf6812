import type { ActivityBody } from './activity.ts'

/** Names of the events that a channel takes in by itself, for the assistant; no client can send one. */
export const channelEvents = {
  /** The member is back after a day or more. */
  returned: 'moussaada/returned',
  /** The member opened the page in another language than before, which is the event's locale. */
  pageTurned: 'moussaada/pageTurned',
  /** The member sent more than is taken in; what was too much is not stored. */
  rateLimited: 'moussaada/rateLimited',
  /** The member is to be told something that they have not asked for, which is the event's value. */
  proactive: 'moussaada/proactive',
  /** The member was sent to the page for an answer, and has come. */
  cameToPage: 'moussaada/cameToPage',
  /** The member has given on the page what they were sent there for. */
  givenOnPage: 'moussaada/givenOnPage',
  /** The member changed the text of a message that was sent already. */
  edited: 'moussaada/edited',
} as const

/** Whether a turn has its beginning in the foundation, and not in its member. */
export const isUnasked = ({ type, name }: ActivityBody): boolean =>
  type === 'event' && (name === channelEvents.proactive || name === channelEvents.givenOnPage)
