import { z } from 'zod'

/** What passes between the command and the server: one of each. */
export const unlockRequest = z.object({ command: z.literal('accounts.unlock'), ppr: z.string().max(64) })

/** `found`: there is such a member, and their account is open to new devices again. */
export const unlockReply = z.object({ found: z.boolean() })

export const unlockLimits = { bytes: 1024, milliseconds: 30_000 }
