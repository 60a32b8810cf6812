import { z } from 'zod'
import { quotaReasons } from '../documents/quota.ts'

export const activityTypes = ['message', 'typing', 'event', 'conversationUpdate'] as const

const attachmentSchema = z.looseObject({
  contentType: z.string(),
  name: z.string().optional(),
  content: z.unknown().optional(),
})

const suggestedActionsSchema = z.object({ actions: z.array(z.record(z.string(), z.unknown())) })

/** Bot Framework Activity JSON without what the row already says: id, time, direction, conversation, participants. */
export const activityBodySchema = z.object({
  type: z.enum(activityTypes),
  text: z.string().optional(),
  textFormat: z.string().optional(),
  /** The member's text was longer than is kept: `text` holds its beginning. */
  truncated: z.boolean().optional(),
  locale: z.string().optional(),
  name: z.string().optional(),
  value: z.unknown().optional(),
  attachments: z.array(attachmentSchema).optional(),
  attachmentLayout: z.string().optional(),
  suggestedActions: suggestedActionsSchema.optional(),
  inputHint: z.string().optional(),
  channelData: z.record(z.string(), z.unknown()).optional(),
  /** Position of the activity that this one answers. */
  replyToPosition: z.number().int().optional(),
})

export type ActivityBody = z.infer<typeof activityBodySchema>
export type Attachment = z.infer<typeof attachmentSchema>
export type Direction = 'in' | 'out'

export interface StoredActivity {
  readonly conversationId: string
  /** Place in the chat and the wire's id; never changes. */
  readonly position: number
  /** Order of commit; an edit takes a new one. Serves as the watermark. */
  readonly seq: number
  readonly direction: Direction
  /** The sender's own id of the activity, unique in its conversation. */
  readonly clientId?: string
  readonly body: ActivityBody
  /** Strictly increasing with `position` in one conversation. */
  readonly at: Date
  /** Its turn has not been committed yet. */
  readonly due: boolean
}

export const refusalReasons = [
  'tooLarge',
  'empty',
  'multiple',
  'unexpected',
  /** A picture within a message, which is no file. */
  'image',
  /** It lies where files are not fetched from. */
  'notAllowed',
  /** Its link has lapsed. */
  'expired',
  /** It could not be fetched, or not to its end. */
  'unreachable',
  /** Files are not taken in this channel. */
  'elsewhere',
  ...quotaReasons,
] as const
export type RefusalReason = (typeof refusalReasons)[number]

/** What a file attachment holds until its turn has fetched it: the address, which is a permission, sealed in base64url. */
export const sharedContentSchema = z.object({ shared: z.string() })

/** What an incoming file attachment holds as `content`: a stored document, or why it was refused at the door. */
export const fileContentSchema = z.union([
  z.object({ document: z.uuid(), size: z.number().int() }),
  z.object({
    refused: z.enum(refusalReasons),
    /** Bytes, as far as they were read. */
    size: z.number().int().optional(),
    /** Files in the message, for `multiple`. */
    count: z.number().int().optional(),
  }),
])

export type FileContent = z.infer<typeof fileContentSchema>
