/** When a socket is tried again while the page polls. It is kept from one session to the next: the network stays the same. */
export type SocketTrials = {
  /** Milliseconds until the next try; 0: now. */
  readonly waitMs: () => number
  /** A socket ended after so many milliseconds of use, 0 for one that was never heard, while HTTP goes through. */
  readonly ended: (usedMs: number) => void
  /** Another network: what the last one refused says nothing. */
  readonly reset: () => void
}

const firstPauseMs = 10_000
const longestPauseMs = 300_000
/** A socket that held for so long was cut by chance, or by the server's restart: the next one may hold as well. */
const heldMs = 60_000
const afterChanceMs = 500

export function createSocketTrials(): SocketTrials {
  let failures = 0
  let nextAt = 0
  return {
    waitMs: () => Math.max(0, nextAt - Date.now()),
    ended: usedMs => {
      failures = usedMs >= heldMs ? 0 : failures + 1
      const pause = failures === 0 ? afterChanceMs : Math.min(longestPauseMs, firstPauseMs * 2 ** (failures - 1))
      // Spread out, or all pages behind one proxy try at the same moment.
      nextAt = Date.now() + pause * (0.8 + 0.4 * Math.random())
    },
    reset: () => {
      failures = 0
      nextAt = 0
    },
  }
}
