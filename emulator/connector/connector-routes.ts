import { setTimeout as sleep } from 'node:timers/promises'
import type { CallFault, Faults, Operation } from '../faults.ts'
import type { Call, Reply, Routes } from '../http/loopback-server.ts'
import { connectorAudience, type IdentityProvider } from '../identity/identity-provider.ts'
import { createConversationSchema, readOutgoing } from './activity-schema.ts'
import type { Chat, Chats } from './chats.ts'
import { createThrottle, memberWindows, sendWindows } from './throttle.ts'

/** One call of the bot, as it was answered. */
export interface RecordedCall {
  readonly operation: Operation
  readonly chatId?: string
  readonly status: number | 'reset'
  readonly at: Date
}

export interface ConnectorDeps {
  readonly chats: Chats
  readonly identity: IdentityProvider
  readonly faults: Faults
  readonly calls: RecordedCall[]
  readonly now: () => Date
  readonly serviceUrl: () => string
  readonly throttled: boolean
}

type Refusal = Exclude<Reply, 'sent'>

const refusal = (status: number, code: string, message: string): Refusal => ({
  status,
  json: { error: { code, message } },
})
const notFound = refusal(404, 'ConversationNotFound', 'Conversation not found.')
const noActivity = refusal(404, 'ActivityNotFoundInConversation', 'The activity was not found in the conversation.')
const notInRoster = refusal(403, 'BotNotInConversationRoster', 'The bot is not part of the conversation roster.')
const blocked = refusal(403, 'MessageWritesBlocked', 'Thread is blocked from message writes.')
const largestBody = 1024 * 1024

/** Bot Connector's REST surface as Teams has it, as far as a bot of personal chats uses it. */
export function connectorRoutes(deps: ConnectorDeps): Routes {
  const { chats, identity, faults, now } = deps
  const sends = createThrottle(sendWindows, now)
  const lookUps = createThrottle(memberWindows, now)

  async function isAuthorised(call: Call): Promise<boolean> {
    const [scheme, token = ''] = (call.req.headers.authorization ?? '').split(' ')
    if (scheme !== 'Bearer') return false
    const read = await identity.readAccessToken(token, connectorAudience)
    return read?.appId === identity.registration.appId
  }

  function throttle(operation: Operation, chatId: string): Refusal | undefined {
    if (!deps.throttled || operation === 'update' || operation === 'delete') return undefined
    const wait = (operation === 'members' ? lookUps : sends).take(`${operation === 'create'}${chatId}`)
    if (wait === undefined) return undefined
    const refused = refusal(429, 'TooManyRequests', 'API calls quota exceeded! maximum admitted per conversation.')
    return { ...refused, headers: { 'Retry-After': String(wait) } }
  }

  /** @returns undefined when the call is to be done as usual; else acts or not, and answers as the fault says */
  async function goWrong(fault: CallFault, act: () => Promise<Reply>, call: Call): Promise<Reply> {
    if (fault.kind === 'slow') {
      await sleep(fault.ms, undefined, { ref: false })
      return await act()
    }
    if (fault.acted) await act()
    if (fault.kind === 'reset') {
      call.req.socket.resetAndDestroy()
      return 'sent'
    }
    const { status, retryAfterSeconds } = fault
    const refused = refusal(status, 'ServiceError', `status ${status} on demand`)
    return retryAfterSeconds === undefined
      ? refused
      : { ...refused, headers: { 'Retry-After': String(retryAfterSeconds) } }
  }

  /** Bearer, fault, rate limit, then the operation itself; recorded with its answer. */
  function guarded(operation: Operation, act: (call: Call, chat: Chat) => Promise<Reply> | Reply) {
    return async (call: Call): Promise<Reply> => {
      const chat = chats.find(call.params['chat'] ?? '')
      const record = (reply: Reply): Reply => {
        const status = reply === 'sent' ? 'reset' : reply.status
        deps.calls.push({ operation, ...(chat && { chatId: chat.id }), status, at: now() })
        return reply
      }
      if (!(await isAuthorised(call)))
        return record({ status: 401, json: { message: 'Authorization has been denied for this request.' } })
      const done = async (): Promise<Reply> => {
        if (!chat) return notFound
        if (!chat.installed) return notInRoster
        if (chat.blocked && operation === 'send') return blocked
        return throttle(operation, chat.id) ?? (await act(call, chat))
      }
      const fault = faults.takeForCall(operation)
      return record(fault ? await goWrong(fault, done, call) : await done())
    }
  }

  async function send(call: Call, chat: Chat): Promise<Reply> {
    const read = readOutgoing(await call.bytes(largestBody))
    if (!read.ok) return refusal(read.status, read.code, read.message)
    if (read.activity.type === 'typing') {
      chat.typingAt = now()
      chats.changed(chat)
      return { status: 202, json: { id: chats.nextId() } }
    }
    const { id } = chats.add(chat, { id: chats.nextId(), from: 'bot', activity: read.activity })
    return { status: 201, json: { id } }
  }

  async function update(call: Call, chat: Chat): Promise<Reply> {
    const read = readOutgoing(await call.bytes(largestBody))
    if (!read.ok) return refusal(read.status, read.code, read.message)
    const message = chat.messages.find(({ id, deleted }) => id === call.params['activity'] && !deleted)
    if (!message) return noActivity
    if (message.from !== 'bot') return refusal(403, 'Forbidden', 'A bot edits its own messages only.')
    message.activity = read.activity
    message.edits++
    chats.changed(chat)
    return { status: 200, json: { id: message.id } }
  }

  function remove(call: Call, chat: Chat): Reply {
    const message = chat.messages.find(({ id, from }) => id === call.params['activity'] && from === 'bot')
    if (!message) return noActivity
    message.deleted = true
    chats.changed(chat)
    return { status: 200 }
  }

  async function create(call: Call): Promise<Reply> {
    const json: unknown = JSON.parse((await call.bytes(largestBody))?.toString('utf8') || 'null')
    const parsed = createConversationSchema.safeParse(json)
    if (!parsed.success) return refusal(400, 'BadSyntax', 'Bad format of the conversation.')
    const chat = chats.findByMember(parsed.data.members[0]?.id ?? '')
    const tenant = parsed.data.tenantId ?? parsed.data.channelData?.tenant?.id
    if (!chat || tenant !== chat.tenantId) return refusal(400, 'BadArgument', 'Unknown tenant or member.')
    if (!chat.installed) return notInRoster
    return throttle('create', chat.id) ?? { status: 201, json: { id: chat.id, serviceUrl: deps.serviceUrl() } }
  }

  const member = ({ userId, person, tenantId }: Chat): Record<string, unknown> => ({
    id: userId,
    name: person.name,
    objectId: person.aadObjectId,
    aadObjectId: person.aadObjectId,
    userPrincipalName: person.userPrincipalName,
    email: person.userPrincipalName,
    tenantId,
    userRole: 'user',
  })
  const one = (call: Call, chat: Chat): Reply => {
    const { member: asked } = call.params
    const isThere = asked === chat.userId || asked === chat.person.aadObjectId
    return isThere ? { status: 200, json: member(chat) } : refusal(404, 'MemberNotFound', 'Not in the roster.')
  }
  const createGuarded = async (call: Call): Promise<Reply> => {
    if (!(await isAuthorised(call)))
      return { status: 401, json: { message: 'Authorization has been denied for this request.' } }
    const fault = faults.takeForCall('create')
    const reply = fault ? await goWrong(fault, () => create(call), call) : await create(call)
    deps.calls.push({ operation: 'create', status: reply === 'sent' ? 'reset' : reply.status, at: now() })
    return reply
  }

  const base = '/emea/:tenant/v3/conversations'
  return {
    [`POST ${base}`]: createGuarded,
    [`POST ${base}/:chat/activities`]: guarded('send', send),
    [`POST ${base}/:chat/activities/:activity`]: guarded('send', send),
    [`PUT ${base}/:chat/activities/:activity`]: guarded('update', update),
    [`DELETE ${base}/:chat/activities/:activity`]: guarded('delete', remove),
    [`GET ${base}/:chat/members`]: guarded('members', (_call, chat) => ({ status: 200, json: [member(chat)] })),
    [`GET ${base}/:chat/pagedmembers`]: guarded('members', (_call, chat) => ({
      status: 200,
      json: { members: [member(chat)] },
    })),
    [`GET ${base}/:chat/members/:member`]: guarded('members', one),
  }
}
