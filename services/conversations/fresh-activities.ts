import type { StoredActivity } from './activity.ts'

/** Conversations whose last turn is kept. */
const KEPT = 256

/**
 * What turns of this instance have just committed, for those of its members whose sockets read it at once: a way around
 * the database and never in its place. What was committed under a seq stays as it was; an edit takes a new one.
 */
export interface FreshActivities {
  /** @param run as they were committed, in order of seq */
  put(conversationId: string, run: readonly StoredActivity[]): void
  /** @returns what follows `seq` without a gap; undefined when only the database can tell */
  since(conversationId: string, seq: number): readonly StoredActivity[] | undefined
}

export function createFreshActivities(): FreshActivities {
  const runs = new Map<string, readonly StoredActivity[]>()
  return {
    put(id, run) {
      runs.delete(id)
      if (!isWithoutGap(run)) return
      const [oldest] = runs.keys()
      if (runs.size >= KEPT && oldest !== undefined) runs.delete(oldest)
      runs.set(id, run)
    },
    since(id, seq) {
      const run = runs.get(id) ?? []
      const next = run.findIndex(activity => activity.seq === seq + 1)
      return next === -1 ? undefined : run.slice(next)
    },
  }
}

const isWithoutGap = (run: readonly StoredActivity[]): boolean =>
  run.every(({ seq }, place) => seq === (run[0]?.seq ?? 0) + place)
