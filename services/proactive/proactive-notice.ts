import { z } from 'zod'
import { languages } from '../language.ts'

export const proactiveKinds = ['dossierStatus', 'draftReminder'] as const
export type ProactiveKind = (typeof proactiveKinds)[number]

/**
 * Something that a member is told without having asked: what it is about, and never the words. `subject` is the id of the
 * dossier's event, or of the draft; the same kind, subject and version is told once.
 */
export interface ProactiveNotice {
  readonly kind: ProactiveKind
  readonly subject: string
  readonly version: number
}

/** As it stands in the inbox, as the value of an event. */
export const proactiveValueSchema = z.object({
  kind: z.enum(proactiveKinds),
  subject: z.string(),
  version: z.number().int(),
  /** The conversation begins with it. */
  opens: z.boolean(),
})

/** What is written down until its conversations have it. */
export const waitingNoticeRow = z
  .object({
    id: z.number(),
    member_id: z.string(),
    kind: z.enum(proactiveKinds),
    subject: z.string(),
    version: z.number(),
  })
  .transform(({ member_id: memberId, ...same }) => ({ ...same, memberId }))
export type WaitingNotice = z.infer<typeof waitingNoticeRow>

/** Where the member was last, if anywhere. */
export const lastPlaceRow = z
  .object({
    id: z.string(),
    channel: z.enum(['webchat', 'msteams']),
    language: z.enum(languages),
    reachable: z.boolean(),
  })
  .optional()
