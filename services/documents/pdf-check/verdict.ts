import { z } from 'zod'

const childReasons = ['encrypted', 'damaged', 'noPages', 'active', 'attachments', 'tooManyPages', 'tooComplex'] as const

/** What the child says. Parsed on arrival, since a hostile file could have taken the child over. */
export const childVerdict = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), pages: z.int().positive() }),
  z.object({ ok: z.literal(false), reason: z.enum(childReasons), pages: z.int().positive().optional() }),
])
export type ChildVerdict = z.infer<typeof childVerdict>
