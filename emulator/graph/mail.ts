import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Call, Reply } from '../http/loopback-server.ts'
import { graphError } from './faults.ts'

const address = z.object({ emailAddress: z.object({ address: z.string(), name: z.string().optional() }) })
const message = z.object({
  subject: z.string(),
  body: z.object({ contentType: z.string(), content: z.string() }),
  toRecipients: z.array(address).min(1),
  singleValueExtendedProperties: z.array(z.object({ id: z.string(), value: z.string() })).default([]),
  internetMessageHeaders: z.array(z.object({ name: z.string().regex(/^x-/i), value: z.string() })).default([]),
})
const letter = z.object({ message, saveToSentItems: z.boolean().default(true) })

export interface EmulatedMessage extends z.infer<typeof message> {
  readonly mailbox: string
  /** Keeps through folders; the plain id changes when the message moves. */
  readonly immutableId: string
  id: string
  isDraft: boolean
  /** How often it left. */
  sent: number
}

export interface Mail {
  readonly messages: EmulatedMessage[]
  /** What has reached somebody. */
  delivered(): EmulatedMessage[]
  readonly list: (call: Call) => Reply
  readonly create: (call: Call) => Promise<Reply>
  readonly read: (call: Call) => Reply
  readonly remove: (call: Call) => Reply
  readonly send: (call: Call) => Reply
  readonly sendMail: (call: Call) => Promise<Reply>
}

const propertyFilter =
  /^singleValueExtendedProperties\/any\(ep: ep\/id eq '(?<id>[^']+)' and ep\/value eq '(?<value>[^']+)'\)$/i
const json = async (call: Call): Promise<unknown> => JSON.parse(String(await call.bytes(1024 * 1024)))

function wantsImmutable(call: Call): boolean {
  return /IdType="ImmutableId"/.test(String(call.req.headers['prefer']))
}

/** The mailboxes that the application may use. */
export function createMail(mailboxes: readonly string[]): Mail {
  const messages: EmulatedMessage[] = []

  const shown = (one: EmulatedMessage, call: Call) => ({
    id: wantsImmutable(call) ? one.immutableId : one.id,
    isDraft: one.isDraft,
    subject: one.subject,
  })
  const find = (call: Call) =>
    messages.find(
      ({ mailbox, ...ids }) =>
        mailbox === call.params['user'] && [ids.id, ids.immutableId].includes(call.params['message'] ?? ''),
    )
  const mayUse = (call: Call): boolean => mailboxes.includes(call.params['user'] ?? '')

  function add(call: Call, given: z.infer<typeof message>, isDraft: boolean): EmulatedMessage {
    const ids = { immutableId: randomUUID(), id: randomUUID() }
    const added = { ...given, ...ids, mailbox: call.params['user'] ?? '', isDraft, sent: isDraft ? 0 : 1 }
    messages.push(added)
    return added
  }

  return {
    messages,
    delivered: () => messages.flatMap(one => Array.from({ length: one.sent }, () => one)),
    list(call) {
      if (!mayUse(call)) return graphError(403, 'ErrorAccessDenied')
      const wanted = propertyFilter.exec(call.url.searchParams.get('$filter') ?? '')?.groups
      if (!wanted) return graphError(400, 'ErrorInvalidUrlQueryFilter')
      const found = messages.filter(one =>
        one.singleValueExtendedProperties.some(({ id, value }) => id === wanted['id'] && value === wanted['value']),
      )
      return { status: 200, json: { value: found.map(one => shown(one, call)) } }
    },
    async create(call) {
      const given = message.safeParse(await json(call))
      if (!mayUse(call)) return graphError(403, 'ErrorAccessDenied')
      if (!given.success) return graphError(400, 'ErrorInvalidRequest')
      return { status: 201, json: shown(add(call, given.data, true), call) }
    },
    read(call) {
      const found = find(call)
      return found ? { status: 200, json: shown(found, call) } : graphError(404, 'ErrorItemNotFound')
    },
    remove(call) {
      const found = find(call)
      if (!found) return graphError(404, 'ErrorItemNotFound')
      messages.splice(messages.indexOf(found), 1)
      return { status: 204 }
    },
    send(call) {
      const found = find(call)
      if (!found) return graphError(404, 'ErrorItemNotFound')
      if (!found.isDraft) return graphError(400, 'ErrorInvalidOperation')
      Object.assign(found, { isDraft: false, sent: found.sent + 1, id: randomUUID() })
      return { status: 202 }
    },
    async sendMail(call) {
      const given = letter.safeParse(await json(call))
      if (!mayUse(call)) return graphError(403, 'ErrorAccessDenied')
      if (!given.success) return graphError(400, 'ErrorInvalidRequest')
      add(call, given.data.message, false)
      return { status: 202 }
    },
  }
}
