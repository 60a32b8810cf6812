import type { RateLimiter } from '../rate-limiter.ts'

/** Keys that are remembered at most, about 200 bytes each. Beyond that the one unused for longest is forgotten. */
const keyLimit = 50_000

export interface RateLimiterDeps {
  readonly now: () => Date
  readonly keys?: number
}

/** Within this process: a sliding window, exact for any span of `seconds`. */
export function createInProcessRateLimiter({ now, keys = keyLimit }: RateLimiterDeps): RateLimiter {
  /** Times of the uses that still count, in milliseconds, oldest first; the keys in order of their last use. */
  const uses = new Map<string, number[]>()

  return {
    async take({ name, points, seconds }, key) {
      const id = `${name}\n${key}`
      const at = now().getTime()
      const recent = (uses.get(id) ?? []).filter(use => use > at - seconds * 1000)
      const oldest = recent[0]
      const wait = recent.length < points || oldest === undefined ? 0 : oldest + seconds * 1000 - at
      if (wait === 0) recent.push(at)
      uses.delete(id)
      uses.set(id, recent)
      forgetOldest(uses, keys)
      return wait
    },
    async close() {
      uses.clear()
    },
  }
}

function forgetOldest(uses: Map<string, number[]>, keys: number): void {
  for (const id of uses.keys()) {
    if (uses.size <= keys) return
    uses.delete(id)
  }
}
