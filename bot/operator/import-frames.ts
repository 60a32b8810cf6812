import { z } from 'zod'
import { fileProblemCodes } from '../../services/members/register-line.ts'
import { MAX_REGISTER_BYTES } from '../../services/members/register-file.ts'

/** What passes between the command and the server, in this order; the codes only when there are some. */
export const importRequest = z.object({
  command: z.literal('members.import'),
  /** Base64. */
  file: z.base64(),
  replaceDemo: z.boolean(),
  newCodes: z.boolean(),
  absent: z.enum(['keep', 'disable']).exactOptional(),
})

export const codesKept = z.object({ kept: z.literal(true) })

const count = z.number()
const demoCount = z.object({ members: count, dossiers: count })
const problem = z.object({
  line: z.number(),
  code: z.enum(fileProblemCodes),
  column: z.enum(['ppr', 'lien', 'nom', 'rib']).exactOptional(),
})

const importResult = z.union([
  z.object({
    ok: z.literal(true),
    added: count,
    updated: count,
    disabled: count,
    codes: count,
    removedDemo: demoCount,
  }),
  z.object({ ok: z.literal(false), reason: z.literal('problems'), problems: z.array(problem) }),
  z.object({ ok: z.literal(false), reason: z.literal('demoPresent'), demo: demoCount }),
  z.object({ ok: z.literal(false), reason: z.literal('tooManyAbsent'), absent: count, members: count }),
])

export const importReply = z.union([
  z.object({ codes: z.array(z.object({ ppr: z.string(), code: z.string() })) }),
  z.object({ result: importResult }),
])

/** Base64 takes four bytes for three. */
export const importLimits = { bytes: Math.ceil((MAX_REGISTER_BYTES * 4) / 3) + 1024, milliseconds: 120_000 }
/** The transaction is open while the command writes the codes down. */
export const keptLimits = { bytes: 1024, milliseconds: 15_000 }
