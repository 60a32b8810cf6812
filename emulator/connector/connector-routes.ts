import { setTimeout as sleep } from 'node:timers/promises'
import type { CallFault, Faults, Operation } from '../faults.ts'
import type { Call, Reply, Routes } from '../http/loopback-server.ts'
import { connectorAudience, type IdentityProvider } from '../identity/identity-provider.ts'
import type { Chat, Chats } from './chats.ts'
import type { PastedImages } from './pasted-images.ts'
import { chatOperations, openChat } from './operations.ts'
import { blockedByUser, chatNotFound, notInRoster, refusalOf, unauthorised } from './refusals.ts'
import { createThrottle, memberWindows, sendWindows, tenantWindows } from './throttle.ts'

/** One call of the bot, as it was answered. */
export interface RecordedCall {
  readonly operation: Operation
  readonly chatId: string | undefined
  readonly status: number | 'reset'
  readonly at: Date
}

export interface ConnectorDeps {
  readonly chats: Chats
  readonly identity: IdentityProvider
  readonly faults: Faults
  readonly images: PastedImages
  readonly calls: RecordedCall[]
  readonly now: () => Date
  readonly serviceUrl: () => string
  readonly throttled: boolean
}

type Act = () => Promise<Reply> | Reply

/** Goes wrong as it should, having acted or not. */
async function withFault(fault: CallFault, call: Call, act: Act): Promise<Reply> {
  if (fault.kind === 'slow') {
    await sleep(fault.ms, undefined, { ref: false })
    return await act()
  }
  if (fault.acted) await act()
  if (fault.kind === 'status') return refusalOf(fault.status, fault.retryAfterSeconds)
  call.req.socket.resetAndDestroy()
  return 'sent'
}

/** What every call passes before it acts: bearer, fault, roster, rate limit; recorded with its answer. */
function createGate({ identity, faults, calls, now, ...deps }: ConnectorDeps) {
  const sends = createThrottle(sendWindows, now)
  const creates = createThrottle(sendWindows, now)
  const lookUps = createThrottle(memberWindows, now)
  const overall = createThrottle(tenantWindows, now)

  async function isAuthorised(call: Call): Promise<boolean> {
    const [scheme, token = ''] = (call.req.headers.authorization ?? '').split(' ')
    if (scheme !== 'Bearer') return false
    const read = await identity.readAccessToken(token, connectorAudience)
    return read?.appId === identity.registration.appId
  }
  async function pass(operation: Operation, call: Call, act: Act): Promise<Reply> {
    const fault = faults.takeForCall(operation)
    const isKnown = await isAuthorised(call)
    const done: Act = () => (isKnown ? act() : unauthorised)
    const reply = fault ? await withFault(fault, call, done) : await done()
    const status = reply === 'sent' ? 'reset' : reply.status
    calls.push({ operation, chatId: call.params['chat'], status, at: now() })
    return reply
  }
  function tooMany(operation: Operation, chat: Chat): Reply | undefined {
    if (!deps.throttled) return undefined
    const own = {
      create: creates,
      send: sends,
      members: lookUps,
      update: undefined,
      delete: undefined,
      image: undefined,
    }
    const wait = own[operation]?.take(chat.id) ?? overall.take(chat.tenantId)
    return wait === undefined ? undefined : refusalOf(429, wait)
  }
  return { pass, tooMany }
}

/** Bot Connector's REST surface as Teams has it, as far as a bot of personal chats uses it. */
export function connectorRoutes(deps: ConnectorDeps): Routes {
  const { chats } = deps
  const { pass, tooMany } = createGate(deps)
  const { send, update, remove, members, pagedMembers, member } = chatOperations(deps)

  const inChat =
    (operation: Operation, act: (call: Call, chat: Chat) => Promise<Reply> | Reply) =>
    (call: Call): Promise<Reply> =>
      pass(operation, call, () => {
        const chat = chats.find(call.params['chat'] ?? '')
        if (!chat) return chatNotFound
        if (!chat.installed) return notInRoster
        if (chat.blocked && operation !== 'members') return blockedByUser
        return tooMany(operation, chat) ?? act(call, chat)
      })
  const begin = (call: Call): Promise<Reply> =>
    pass('create', call, async () => {
      const opened = await openChat(call, chats)
      if ('refused' in opened) return opened.refused
      const json = { id: opened.chat.id, serviceUrl: deps.serviceUrl() }
      return tooMany('create', opened.chat) ?? { status: 201, json }
    })

  const base = '/emea/:tenant/v3/conversations'
  return {
    [`POST ${base}`]: begin,
    [`POST ${base}/:chat/activities`]: inChat('send', send),
    [`POST ${base}/:chat/activities/:activity`]: inChat('send', send),
    [`PUT ${base}/:chat/activities/:activity`]: inChat('update', update),
    [`DELETE ${base}/:chat/activities/:activity`]: inChat('delete', remove),
    'GET /emea/:tenant/v3/attachments/:attachment/views/original': call =>
      pass('image', call, () => deps.images.serve(call)),
    [`GET ${base}/:chat/members`]: inChat('members', members),
    [`GET ${base}/:chat/pagedmembers`]: inChat('members', pagedMembers),
    [`GET ${base}/:chat/members/:member`]: inChat('members', member),
  }
}
