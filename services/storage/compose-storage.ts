import type { Storage } from './storage.ts'

/** Closes what listens and waits first, and the database, which everything else writes to, last. */
export function composeStorage(parts: Omit<Storage, 'close'>): Storage {
  return {
    ...parts,
    close: async () => {
      const { eventBus, lease, rateLimiter, cache } = parts
      await Promise.all([eventBus, lease, rateLimiter, cache].map(part => part.close()))
      await parts.database.close()
    },
  }
}
