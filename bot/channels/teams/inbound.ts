import { createHash } from 'node:crypto'
import { decodeHTML } from 'entities'
import { z } from 'zod'
import type { ActivityBody } from '../../../services/conversations/activity.ts'
import { TEXT_LIMIT } from '../../../services/conversations/clean-text.ts'
import type { TeamsReference } from '../../../services/conversations/teams-conversations.ts'
import { canonicalId, foreignId } from '../../../services/foreign-id.ts'
import type { Language } from '../../../services/language.ts'
import { readInbound } from '../directline/inbound.ts'

/** As Teams sends it. What is not named here is dropped. */
const activitySchema = z.object({
  type: z.string().max(50),
  id: foreignId.optional(),
  name: z.string().max(100).optional(),
  action: z.string().max(50).optional(),
  channelId: z.literal('msteams'),
  serviceUrl: z.url().max(500),
  locale: z.string().max(35).nullish(),
  text: z.string().nullish(),
  value: z.unknown().optional(),
  from: z.object({ id: foreignId, name: z.string().max(300).nullish(), aadObjectId: foreignId.optional() }),
  recipient: z.object({ id: foreignId }),
  conversation: z.object({
    id: foreignId,
    conversationType: z.string().max(50).nullish(),
    tenantId: foreignId.optional(),
  }),
  channelData: z.looseObject({ tenant: z.object({ id: foreignId }).optional() }).nullish(),
  membersAdded: z.array(z.object({ id: foreignId })).nullish(),
  attachments: z
    .array(z.object({ contentType: z.string(), name: z.string().nullish(), content: z.unknown().optional() }))
    .nullish(),
})

export type TeamsActivity = z.infer<typeof activitySchema>

/** @returns undefined for what Teams would not send, in the name of a tenant that is not ours or of two */
export function readActivity(value: unknown, { tenantId }: { tenantId: string }): TeamsActivity | undefined {
  const activity = activitySchema.safeParse(value).data
  if (!activity) return undefined
  const tenants = [activity.conversation.tenantId, activity.channelData?.tenant?.id].filter(one => one !== undefined)
  return tenants.length > 0 && tenants.every(one => canonicalId(one) === canonicalId(tenantId)) ? activity : undefined
}

/** The same one for ever, and nothing of Teams' can be read from it. */
export function conversationIdOf({ conversation }: TeamsActivity, tenantId: string): string {
  const digest = createHash('sha256')
    .update(`${canonicalId(tenantId)}|${conversation.id}`)
    .digest('base64url')
  return `teams-${digest.slice(0, 32)}`
}

export const isPersonal = ({ conversation }: TeamsActivity): boolean => conversation.conversationType === 'personal'

export const languageOf = ({ locale }: TeamsActivity): Language =>
  locale?.toLowerCase().startsWith('ar') ? 'ar' : 'fr'

/** @returns undefined for what no account is behind: bots, and guests whose account Teams does not name */
export function referenceOf(activity: TeamsActivity, tenantId: string): TeamsReference | undefined {
  const { from, recipient, conversation, serviceUrl } = activity
  if (from.aadObjectId === undefined) return undefined
  return {
    conversationId: conversationIdOf(activity, tenantId),
    teamsId: conversation.id,
    serviceUrl,
    botId: recipient.id,
    userId: from.id,
    account: canonicalId(from.aadObjectId),
    accountName: from.name?.trim() ?? '',
  }
}

/** Longer than a mention or an entity makes any text that is kept whole. */
const MARKUP_LIMIT = 4 * TEXT_LIMIT

/** Teams writes a mention of the assistant as a tag, some signs as HTML's entities, and spaces at will. */
const typed = (text: string): string =>
  decodeHTML(text.slice(0, MARKUP_LIMIT).replaceAll(/<at(?:\s[^<>]*)?>[^<]*<\/at>/gi, ' '))
    .replaceAll('\u00a0', ' ')
    .trim()

/**
 * What is kept of a message: its words, with any RIB hidden, or the value of a pressed button. Teams sends typed words
 * once more as HTML, which is dropped.
 * @returns undefined when it says nothing
 */
export function messageBody({ text, value, locale }: TeamsActivity): ActivityBody | undefined {
  const words = typeof text === 'string' ? typed(text) : ''
  const inbound = readInbound({
    type: 'message',
    ...(words !== '' && { text: words }),
    ...(locale && { locale }),
    ...(value !== undefined && { value }),
  })
  const body = inbound.ok ? inbound.said?.body : undefined
  return body && (body.text !== undefined || body.value !== undefined) ? body : undefined
}
