/** Names of the events that a channel takes in by itself, for the assistant; no client can send one. */
export const channelEvents = {
  /** The member is back after a day or more. */
  returned: 'moussaada/returned',
  /** The member opened the page in another language than before, which is the event's locale. */
  pageTurned: 'moussaada/pageTurned',
  /** The member sent more than is taken in; what was too much is not stored. */
  rateLimited: 'moussaada/rateLimited',
} as const
