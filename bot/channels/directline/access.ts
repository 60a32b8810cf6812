import type { IncomingMessage } from 'node:http'
import type { Liveness } from '../../../services/accounts/liveness.ts'
import type { Sessions } from '../../../services/accounts/sessions.ts'
import type { Conversation } from '../../../services/conversations/conversation.ts'
import type { ConversationStore } from '../../../services/conversations/conversation-store.ts'
import { refusal } from './answer.ts'
import type { Answer } from './answer.ts'
import type { Exchange, Handler } from './exchange.ts'
import type { Bearer, Tokens } from './tokens.ts'

export type MemberHandler = (exchange: Exchange, bearer: Bearer) => Promise<Answer> | Answer

export interface OwnConversation {
  readonly bearer: Bearer
  readonly conversationId: string
}

export type OwnerHandler = (exchange: Exchange, own: OwnConversation) => Promise<Answer>

const REMEMBERED = 10_000
/** Characters; ours have some 400. */
const LONGEST_TOKEN = 2_048
const idShape = /^[\w-]{1,64}$/

export interface AccessParts {
  readonly conversations: ConversationStore
  readonly tokens: Tokens
  readonly liveness: Pick<Liveness, 'isLive'>
  readonly sessions: Pick<Sessions, 'touch'>
}

/** Who may pass. A conversation of another member and one that does not exist are answered with the same bytes. */
export function createAccess({ conversations, tokens, liveness, sessions }: AccessParts) {
  const owners = createOwners(conversations)

  const asMember =
    (handler: MemberHandler): Handler =>
    async exchange => {
      const token = bearerToken(exchange.request)
      const bearer = token === undefined ? undefined : await tokens.read(token)
      if (!bearer || !(await liveness.isLive(bearer))) return refusal('unauthorized')
      return handler(exchange, bearer)
    }

  const asOwner = (handler: OwnerHandler): Handler =>
    asMember(async (exchange, bearer) => {
      const conversationId = exchange.params.conversationId ?? ''
      // A token issued for a conversation proves by its signature whose it is.
      // Whoever sends something is there. A page that reads by itself may have been left open.
      if (bearer.sessionId !== undefined && isSending(exchange.request))
        sessions.touch(bearer.sessionId).catch(() => undefined)
      const owned = bearer.conversationId === conversationId || (await owners.owns(bearer.memberId, conversationId))
      return owned ? handler(exchange, { bearer, conversationId }) : refusal('notFound')
    })

  return { asMember, asOwner }
}

/** The member's open web chat conversation by its id. */
export const isOpenFor = (conversation: Conversation | undefined, memberId: string): conversation is Conversation =>
  conversation?.memberId === memberId && conversation.channel === 'webchat' && conversation.closedAt === undefined

/** A conversation never changes hands, so what was found once holds. */
function createOwners(conversations: ConversationStore) {
  const known = new Map<string, string>()

  return {
    async owns(memberId: string, conversationId: string): Promise<boolean> {
      if (!idShape.test(conversationId)) return false
      const owner = known.get(conversationId)
      if (owner !== undefined) return owner === memberId
      const conversation = await conversations.find(conversationId)
      if (conversation?.memberId === undefined || conversation.channel !== 'webchat') return false
      const [oldest] = known.keys()
      if (known.size >= REMEMBERED && oldest !== undefined) known.delete(oldest)
      known.set(conversationId, conversation.memberId)
      return conversation.memberId === memberId
    },
  }
}

const isSending = ({ method }: IncomingMessage) => method === 'POST' || method === 'PATCH'

export function bearerToken(request: IncomingMessage): string | undefined {
  const { authorization = '' } = request.headers
  return authorization.length <= LONGEST_TOKEN ? /^Bearer ([\w.~+/=-]+)$/i.exec(authorization)?.[1] : undefined
}
