import type { Call, Reply } from '../http/loopback-server.ts'
import { createConversationSchema, readOutgoing } from './activity-schema.ts'
import type { Chat, Chats } from './chats.ts'
import { activityNotFound, memberNotFound, notInRoster, refusal } from './refusals.ts'

/** What a bot may do in one chat, once it is let in. */
export interface Operations {
  readonly send: (call: Call, chat: Chat) => Promise<Reply>
  readonly update: (call: Call, chat: Chat) => Promise<Reply>
  readonly remove: (call: Call, chat: Chat) => Reply
  readonly members: (call: Call, chat: Chat) => Reply
  readonly pagedMembers: (call: Call, chat: Chat) => Reply
  readonly member: (call: Call, chat: Chat) => Reply
}

/** Enough to read what is then refused as too large. */
export const largestBody = 1024 * 1024

const memberOf = ({ userId, person, tenantId }: Chat): Record<string, unknown> => ({
  id: userId,
  name: person.name,
  objectId: person.aadObjectId,
  aadObjectId: person.aadObjectId,
  userPrincipalName: person.userPrincipalName,
  email: person.userPrincipalName,
  tenantId,
  userRole: person.tenantId === undefined ? 'user' : 'anonymous',
})

export function chatOperations({ chats, now }: { chats: Chats; now: () => Date }): Operations {
  return {
    async send(call, chat) {
      const read = readOutgoing(await call.bytes(largestBody))
      if (!read.ok) return refusal(read.status, read.code, read.message)
      if (read.activity.type === 'typing') {
        chat.typingAt = now()
        chats.changed(chat)
        return { status: 202, json: { id: chats.nextId() } }
      }
      const { id } = chats.add(chat, { id: chats.nextId(), from: 'bot', activity: read.activity })
      return { status: 201, json: { id } }
    },
    async update(call, chat) {
      const read = readOutgoing(await call.bytes(largestBody))
      if (!read.ok) return refusal(read.status, read.code, read.message)
      const message = chat.messages.find(({ id, deleted }) => id === call.params['activity'] && !deleted)
      if (!message) return activityNotFound
      if (message.from !== 'bot') return refusal(403, 'Forbidden', 'A bot edits its own messages only.')
      message.activity = read.activity
      message.edits++
      chats.changed(chat)
      return { status: 200, json: { id: message.id } }
    },
    remove(call, chat) {
      const message = chat.messages.find(({ id, from }) => id === call.params['activity'] && from === 'bot')
      if (!message || message.deleted) return activityNotFound
      message.deleted = true
      chats.changed(chat)
      return { status: 200 }
    },
    members: (_call, chat) => ({ status: 200, json: [memberOf(chat)] }),
    pagedMembers: (_call, chat) => ({ status: 200, json: { members: [memberOf(chat)] } }),
    member({ params }, chat) {
      const isThere = params['member'] === chat.userId || params['member'] === chat.person.aadObjectId
      return isThere ? { status: 200, json: memberOf(chat) } : memberNotFound
    },
  }
}

const parsed = (bytes: Buffer | undefined): unknown => {
  try {
    return JSON.parse(bytes?.toString('utf8') ?? '')
  } catch {
    return undefined
  }
}

export type OpenedChat = { readonly chat: Chat } | { readonly refused: Reply }

/** Finds the chat that a bot asks to begin with a person of the tenant. */
export async function openChat(call: Call, chats: Chats): Promise<OpenedChat> {
  const request = createConversationSchema.safeParse(parsed(await call.bytes(largestBody)))
  if (!request.success) return { refused: refusal(400, 'BadSyntax', 'Bad format of conversation.') }
  const { members, tenantId, channelData } = request.data
  const chat = chats.findByMember(members[0]?.id ?? '')
  if (!chat || (tenantId ?? channelData?.tenant?.id) !== chat.tenantId)
    return { refused: refusal(400, 'BadArgument', 'Unknown tenant or member.') }
  return chat.installed ? { chat } : { refused: notInRoster }
}
