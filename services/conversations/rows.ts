import { z } from 'zod'
import { languages } from '../language.ts'
import type { Row } from '../storage/database.ts'
import { activityBodySchema } from './activity.ts'
import type { StoredActivity } from './activity.ts'
import type { Conversation, ConversationOf } from './conversation.ts'

export const conversationNames = [
  'id',
  'channel',
  'member_id',
  'language',
  'state',
  'asked_position',
  'last_seq',
  'active_at',
  'closed_at',
] as const

export const conversationColumns = conversationNames.join(', ')

const conversationRow = z.object({
  id: z.string(),
  channel: z.enum(['webchat', 'msteams']),
  member_id: z.string().nullable(),
  language: z.enum(languages),
  state: z.string(),
  asked_position: z.number().nullable(),
  last_seq: z.number(),
  active_at: z.date(),
  closed_at: z.date().nullable(),
})

export function toConversation(row: Row): Conversation {
  const { id, channel, member_id, language, state, asked_position, last_seq, active_at, closed_at } =
    conversationRow.parse(row)
  return {
    id,
    channel,
    language,
    state,
    lastSeq: last_seq,
    activeAt: active_at,
    ...(member_id !== null && { memberId: member_id }),
    ...(asked_position !== null && { askedPosition: asked_position }),
    ...(closed_at !== null && { closedAt: closed_at }),
  }
}

export const activityNames = [
  'conversation_id',
  'position',
  'seq',
  'direction',
  'client_id',
  'body',
  'at',
  'due',
] as const

export const activityColumns = activityNames.join(', ')

const activityRow = z.object({
  conversation_id: z.string(),
  position: z.number(),
  seq: z.number(),
  direction: z.enum(['in', 'out']),
  client_id: z.string().nullable(),
  body: z.string(),
  at: z.date(),
  due: z.boolean(),
})

export function toActivity(row: Row): StoredActivity {
  const { conversation_id, position, seq, direction, client_id, body, at, due } = activityRow.parse(row)
  return {
    conversationId: conversation_id,
    position,
    seq,
    direction,
    body: activityBodySchema.parse(JSON.parse(body)),
    at,
    due,
    ...(client_id !== null && { clientId: client_id }),
  }
}

const conversationOfRow = z.object({ id: z.string(), member_id: z.string().nullable() })

export function toConversationOf(row: Row): ConversationOf {
  const { id, member_id } = conversationOfRow.parse(row)
  return { id, ...(member_id !== null && { memberId: member_id }) }
}
