import { z } from 'zod'
import { statusProblemCodes } from '../../services/requests/status-file.ts'

/** What passes between the command and the server: one of each. */
export const statusRequest = z.object({
  command: z.literal('dossiers.status'),
  /** Base64. */
  file: z.base64(),
})

const problem = z.object({
  line: z.number(),
  code: z.enum(statusProblemCodes),
  column: z.enum(['number', 'status']).exactOptional(),
})

export const statusReply = z.object({
  result: z.union([
    z.object({ ok: z.literal(true), changed: z.number(), unchanged: z.number() }),
    z.object({ ok: z.literal(false), problems: z.array(problem) }),
  ]),
})
