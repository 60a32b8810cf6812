/** Rows of one transaction: some milliseconds for whoever waits for one of them. */
export const BATCH = 100

/** Where a walk stands: the oldest come first. Times keep the microseconds that a Date would lose. */
export interface Cursor {
  readonly at: string
  readonly key: string
}

export interface Step {
  readonly renewed: number
  /** Damaged, or of a key that is not there any more. */
  readonly unreadable: number
  /** The last row that was looked at; undefined at the end. */
  readonly next: Cursor | undefined
}

/** Takes one step after the other, to the end. @param onStep told how many rows each has renewed */
export async function walk(
  take: (after: Cursor | undefined) => Promise<Step>,
  onStep: (renewed: number) => void,
): Promise<{ renewed: number; unreadable: number }> {
  const total = { renewed: 0, unreadable: 0 }
  let after: Cursor | undefined
  do {
    const step = await take(after)
    total.renewed += step.renewed
    total.unreadable += step.unreadable
    after = step.next
    onStep(step.renewed)
  } while (after)
  return total
}
