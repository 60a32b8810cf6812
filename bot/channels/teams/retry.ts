/** Seconds after which it is tried again, up to five minutes. */
const FIRST_MS = 1_000
const LONGEST_MS = 5 * 60 * 1000

/** About two hours of trying. */
export const MOST_ATTEMPTS = 30

/**
 * Exponential, with half of it at random: many chats that were refused together do not come back together.
 * @param afterMs what the answer asked for; never tried earlier than that
 */
export function waitBefore(attempts: number, afterMs: number | undefined, random: () => number): number {
  const backoff = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempts, 20))
  return Math.round((afterMs ?? 0) + backoff * (0.5 + random() / 2))
}
