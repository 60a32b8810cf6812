/** On whose behalf a request is made, and what its right ends with: a session, or the time that the portal vouched for. */
export interface Principal {
  readonly memberId: string
  /** Names the session's row. It is not the cookie's value and opens nothing. */
  readonly sessionId?: string
  /** Without a session: Unix milliseconds at which the right ends. */
  readonly until?: number
}

/** What is asked about once for everything that a session has open, or a member without one. */
export const principalKey = ({ memberId, sessionId }: Principal): string => sessionId ?? `member:${memberId}`
