import { requestMs } from './direct-line-session.ts'
import type { DirectLineSession } from './direct-line-session.ts'
import type { OutgoingActivity, SendOutcome } from './outbox.ts'

/** DirectLineJS answers "retry" when it does not know whether the message arrived, and fails for a refusal. */
export function postOnce(session: DirectLineSession, activity: OutgoingActivity): Promise<SendOutcome> {
  const begun = Date.now()
  const unsent = (): SendOutcome => {
    const late = Date.now() - begun >= requestMs
    return { sent: false, again: true, full: session.isFull(), late }
  }
  return new Promise(resolve => {
    session.client.postActivity(activity as never).subscribe(
      id => resolve(id === 'retry' ? unsent() : { sent: true, id }),
      error => resolve({ sent: false, again: isWorthRepeating(error) }),
      () => resolve({ sent: false, again: true }),
    )
  })
}

function isWorthRepeating(error: unknown): boolean {
  const status = typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) : 0
  return status === 0 || status === 401 || status === 403 || status === 429 || status >= 500
}
