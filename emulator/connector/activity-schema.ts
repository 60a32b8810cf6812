import { z } from 'zod'

/** Bytes of JSON. Teams answers 413 above these. */
const largestMessage = 100 * 1024
const largestCard = 28 * 1024

const actionSchema = z.looseObject({ type: z.string(), title: z.string(), value: z.unknown().optional() })

const adaptiveCardSchema = z.looseObject({
  type: z.literal('AdaptiveCard'),
  version: z.string().regex(/^1\.[0-5]$/, 'Teams knows Adaptive Cards up to 1.5'),
  body: z.array(z.looseObject({ type: z.string() })).optional(),
  actions: z.array(z.looseObject({ type: z.string() })).optional(),
})

const attachmentSchema = z.discriminatedUnion('contentType', [
  z.looseObject({ contentType: z.literal('application/vnd.microsoft.card.adaptive'), content: adaptiveCardSchema }),
  z.looseObject({ contentType: z.literal('application/vnd.microsoft.card.hero'), content: z.looseObject({}) }),
  z.looseObject({ contentType: z.literal('application/vnd.microsoft.card.thumbnail'), content: z.looseObject({}) }),
  z.looseObject({ contentType: z.literal('application/vnd.microsoft.card.signin'), content: z.looseObject({}) }),
  z.looseObject({
    contentType: z.literal('application/vnd.microsoft.teams.card.file.consent'),
    name: z.string(),
    content: z.looseObject({ sizeInBytes: z.number() }),
  }),
])

const fromBot = {
  id: z.string().optional(),
  from: z.looseObject({ id: z.string() }).optional(),
  conversation: z.looseObject({ id: z.string() }).optional(),
  recipient: z.looseObject({}).optional(),
  replyToId: z.string().optional(),
  channelId: z.literal('msteams').optional(),
}

const messageSchema = z
  .looseObject({
    ...fromBot,
    type: z.literal('message'),
    text: z.string().optional(),
    textFormat: z.enum(['plain', 'markdown', 'xml']).optional(),
    attachments: z.array(attachmentSchema).optional(),
    attachmentLayout: z.enum(['list', 'carousel']).optional(),
    suggestedActions: z.looseObject({ actions: z.array(actionSchema) }).optional(),
  })
  .refine(({ text, attachments = [] }) => (text ?? '').trim() !== '' || attachments.length > 0, {
    message: 'a message has text or attachments',
  })

const typingSchema = z.looseObject({ ...fromBot, type: z.literal('typing') })

/** What Teams takes from a bot: it answers 400 to events, traces and hand-offs. */
const outgoingSchema = z.union([messageSchema, typingSchema])

export type OutgoingActivity = z.infer<typeof outgoingSchema>

export type ReadActivity =
  | { readonly ok: true; readonly activity: OutgoingActivity }
  | { readonly ok: false; readonly status: 400 | 413; readonly code: string; readonly message: string }

const tooBig = { ok: false, status: 413, code: 'MessageSizeTooBig', message: 'Message size too large.' } as const

export function readOutgoing(bytes: Buffer | undefined): ReadActivity {
  if (!bytes || bytes.length > largestMessage) return tooBig
  let json: unknown
  try {
    json = JSON.parse(bytes.toString('utf8'))
  } catch {
    return { ok: false, status: 400, code: 'BadSyntax', message: 'Bad format of the activity.' }
  }
  const parsed = outgoingSchema.safeParse(json)
  if (!parsed.success) return { ok: false, status: 400, code: 'BadSyntax', message: z.prettifyError(parsed.error) }
  const cards = parsed.data.type === 'message' ? (parsed.data.attachments ?? []) : []
  const isLarge = cards.some(({ content }) => Buffer.byteLength(JSON.stringify(content)) > largestCard)
  return isLarge ? tooBig : { ok: true, activity: parsed.data }
}

export const createConversationSchema = z.looseObject({
  isGroup: z.literal(false).optional(),
  bot: z.looseObject({ id: z.string() }).optional(),
  members: z.array(z.looseObject({ id: z.string() })).length(1),
  tenantId: z.string().optional(),
  channelData: z.looseObject({ tenant: z.looseObject({ id: z.string() }).optional() }).optional(),
  activity: z.unknown().optional(),
})
