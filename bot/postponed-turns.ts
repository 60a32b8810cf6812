/** Milliseconds before the first try, and at most between two. */
const FIRST_MS = 250
const MOST_MS = 1_000

interface PostponedTurns {
  /** Has it tried again in a moment, later each time. @returns whether this is its first failure in a row */
  postpone(id: string, again: () => void): boolean
  /** Its turns went as they should. */
  done(id: string): void
  stop(): void
}

/**
 * Turns that met a database that was away, each tried again by itself: a member waits for this and not for the next sweep,
 * which may find the database away as well. Scattered, so that they do not all come back at once.
 * @param random in [0, 1)
 */
export function createPostponedTurns(random: () => number): PostponedTurns {
  const failures = new Map<string, number>()
  const timers = new Map<string, NodeJS.Timeout>()
  let stopped = false

  return {
    postpone(id, again) {
      const failed = failures.get(id) ?? 0
      failures.set(id, failed + 1)
      if (!stopped) {
        clearTimeout(timers.get(id))
        const pause = Math.min(FIRST_MS * 2 ** failed, MOST_MS) * (0.5 + random())
        timers.set(id, setTimeout(again, pause))
      }
      return failed === 0
    },
    done(id) {
      failures.delete(id)
      clearTimeout(timers.get(id))
      timers.delete(id)
    },
    stop() {
      stopped = true
      for (const timer of timers.values()) clearTimeout(timer)
    },
  }
}
