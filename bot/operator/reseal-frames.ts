import { z } from 'zod'

/** What passes between the command and the server: a frame for each transaction, and the report. */
export const resealRequest = z.object({ command: z.literal('keys.reseal') })

const count = z.number()

export const resealReply = z.union([
  z.object({ renewed: count }),
  z.object({
    report: z.object({
      renewed: z.object({ member: count, dossier: count, document: count, upload: count, draft: count }),
      unreadable: count,
      inUse: z.array(z.object({ key: z.string(), count })),
    }),
  }),
])

/** One transaction at most passes between two frames. */
export const resealLimits = { bytes: 64 * 1024, milliseconds: 60_000 }
