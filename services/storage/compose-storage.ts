import type { Storage } from './storage.ts'

/** Closes what listens and waits first, and the database, which everything else writes to, last. */
export function composeStorage(parts: Omit<Storage, 'close'>): Storage {
  return {
    ...parts,
    close: async () => {
      await Promise.all([parts.eventBus.close(), parts.lease.close(), parts.rateLimiter.close()])
      await parts.database.close()
    },
  }
}
