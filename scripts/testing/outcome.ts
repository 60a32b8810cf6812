import { z } from 'zod'

/** One test that ended. */
export const outcomeSchema = z.object({
  /** With the suites it stands in. */
  name: z.string(),
  /** What to show of a failure; without it the test passed. */
  error: z.string().optional(),
})
export type Outcome = z.infer<typeof outcomeSchema>
