/** Whether the connector can have acted on what it was sent. */
export type Reached = 'answered' | 'not-reached' | 'perhaps'

/** Why a call of the connector came to nothing. Not an error of Azure's, whose retry policy would repeat the call. */
export class ConnectorFailure extends Error {
  readonly reached: Reached
  readonly status: number | undefined
  readonly retryAfterMs: number | undefined

  constructor(reached: Reached, status?: number, retryAfterMs?: number) {
    super(`the connector ${status === undefined ? 'did not answer' : `answered ${status}`}`)
    this.name = 'ConnectorFailure'
    this.reached = reached
    this.status = status
    this.retryAfterMs = retryAfterMs
  }
}
