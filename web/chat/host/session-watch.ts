import { isSigningOut, onSessionChange } from '../../session-changes.ts'
import type { TokenAnswer, TokenSource } from '../connection/credentials.ts'

const ASK_AGAIN_MS = 2_000

const signedOut: TokenAnswer = { ok: false, reason: 'signedOut' }

/** As `tokens`, but nobody is signed in from the press on "sign out", whether or not the server has heard of it. */
export const unlessSigningOut = (tokens: TokenSource): TokenSource => ({
  obtain: async () => {
    if (isSigningOut()) return signedOut
    const answer = await tokens.obtain()
    return isSigningOut() ? signedOut : answer
  },
})

/** After a change of session in another tab: hides `box` at once, and shows it again when `settle` knows whose it is. */
export function watchSession(box: HTMLElement, tokens: TokenSource, settle: (answer: TokenAnswer) => void): void {
  let newest = 0
  onSessionChange(() => void changed())

  async function changed(): Promise<void> {
    const change = (newest += 1)
    box.hidden = true
    let answer = await tokens.obtain()
    // Nobody knows yet whose page it is: it stays hidden, and keeps what its member has not sent.
    while (change === newest && !answer.ok && answer.reason === 'unavailable') {
      await new Promise(resolve => setTimeout(resolve, ASK_AGAIN_MS))
      answer = await tokens.obtain()
    }
    if (change !== newest) return
    settle(answer)
    box.hidden = false
  }
}
