import { z } from 'zod'
import { languages } from '../language.ts'
import type { Row } from '../storage/database.ts'
import { activityBodySchema } from './activity.ts'
import type { StoredActivity } from './activity.ts'
import type { Conversation } from './conversation.ts'

export const conversationColumns = 'id, channel, member_id, language, state, last_seq, active_at, closed_at'

const conversationRow = z.object({
  id: z.string(),
  channel: z.enum(['webchat', 'msteams']),
  member_id: z.string().nullable(),
  language: z.enum(languages),
  state: z.string(),
  last_seq: z.number(),
  active_at: z.date(),
  closed_at: z.date().nullable(),
})

export function toConversation(row: Row): Conversation {
  const { id, channel, member_id, language, state, last_seq, active_at, closed_at } = conversationRow.parse(row)
  return {
    id,
    channel,
    language,
    state,
    lastSeq: last_seq,
    activeAt: active_at,
    ...(member_id !== null && { memberId: member_id }),
    ...(closed_at !== null && { closedAt: closed_at }),
  }
}

export const activityColumns = 'conversation_id, position, seq, direction, client_id, body, at, due'

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
