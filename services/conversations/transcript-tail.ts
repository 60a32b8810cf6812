import type { StoredActivity } from './activity.ts'

/**
 * What a turn has added to a transcript, with what it answers, in order of seq. Whoever has read up to `after` and to no
 * other seq may take it for what comes next, and need not read it.
 */
export class TranscriptTail {
  readonly after: number
  readonly activities: readonly StoredActivity[]

  constructor(after: number, activities: readonly StoredActivity[]) {
    this.after = after
    this.activities = activities
  }
}
