import type { Cache } from '../cache.ts'

/** Values that are kept at most. Beyond that the one set first is forgotten. */
const valueLimit = 10_000

interface Kept {
  readonly value: string
  /** Milliseconds since 1970. */
  readonly until: number
}

/** Within this process. */
export function createInProcessCache({ now, values = valueLimit }: { now: () => Date; values?: number }): Cache {
  const kept = new Map<string, Kept>()

  return {
    async get(key) {
      const found = kept.get(key)
      if (!found) return undefined
      if (found.until > now().getTime()) return found.value
      kept.delete(key)
      return undefined
    },
    async set(key, value, seconds) {
      kept.delete(key)
      kept.set(key, { value, until: now().getTime() + seconds * 1000 })
      const [oldest] = kept.keys()
      if (kept.size > values && oldest !== undefined) kept.delete(oldest)
    },
    async close() {
      kept.clear()
    },
  }
}
