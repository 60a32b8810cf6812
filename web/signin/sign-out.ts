import { announceSessionChange, isSigningOut, rememberSigningOut } from '../session-changes.ts'
import { requestWithin } from '../request-within.ts'

/** Milliseconds. */
const signOutMs = 10_000
const pauseMs = (failures: number): number => Math.min(15_000, 1_000 * 2 ** failures)

export type SignOut = {
  /** Remembers the wish, and asks the server until it has confirmed. */
  readonly begin: () => void
  /** Goes on with a sign-out that was begun before a reload or in another tab. */
  readonly resume: () => void
}

/** `failed` after each attempt in vain, `done` once: the session has ended on the server. */
export function createSignOut(events: { failed: () => void; done: () => void }): SignOut {
  let timer: ReturnType<typeof setTimeout> | undefined
  let failures = 0
  let isAsking = false

  async function attempt(): Promise<void> {
    if (isAsking) return
    clearTimeout(timer)
    // Another tab may have done it: asking again could sign out who has come since.
    if (!isSigningOut()) return events.done()
    isAsking = true
    const { status } = await requestWithin(signOutMs, '/signout', { method: 'POST' })
    isAsking = false
    if (status === 204) return finish()
    timer = setTimeout(() => void attempt(), pauseMs(failures))
    failures += 1
    events.failed()
  }

  function finish(): void {
    failures = 0
    rememberSigningOut(false)
    announceSessionChange()
    events.done()
  }

  addEventListener('online', () => isSigningOut() && void attempt())
  return {
    begin: () => {
      rememberSigningOut(true)
      announceSessionChange()
      void attempt()
    },
    resume: () => void attempt(),
  }
}
