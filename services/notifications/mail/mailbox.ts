import { z } from 'zod'
import type { GraphRefusal } from '../../directory/graph-answer.ts'
import type { Graph } from '../../directory/graph-client.ts'
import type { Letter } from './letter.ts'

/** A named property of ours on each mail, by which a draft is found again. The namespace is ours alone. */
const DOSSIER_PROPERTY = 'String {5b0f1c3e-7d0a-4f53-9a3e-2f6a8c1d7e42} Name MoussaadaDossier'
/** Ids that stay when a mail moves from the drafts to what was sent. */
const immutable = { Prefer: 'IdType="ImmutableId"' }

const stored = z.object({ id: z.string().min(1), isDraft: z.boolean() })
export type StoredMail = z.infer<typeof stored>
const list = z.object({ value: z.array(stored) })

type Found<T> = { readonly ok: true; readonly value: T } | GraphRefusal

export interface Mailbox {
  /** Every mail about a dossier, sent or not. */
  findAbout(dossierId: string): Promise<Found<StoredMail[]>>
  draft(dossierId: string, to: string, letter: Letter): Promise<Found<StoredMail>>
  /** @returns undefined when it is no longer there */
  find(id: string): Promise<Found<StoredMail | undefined>>
  send(id: string): Promise<Found<undefined>>
  discard(id: string): Promise<void>
}

const unreadable: GraphRefusal = { ok: false, reason: 'unavailable', code: 'mail-unreadable' }

/** @param from address or id of the mailbox */
export function createMailbox(graph: Graph, from: string): Mailbox {
  const messages = `/users/${encodeURIComponent(from)}/messages`
  const one = (id: string): string => `${messages}/${encodeURIComponent(id)}`
  const query = { $select: 'id,isDraft' }

  return {
    async findAbout(dossierId) {
      const $filter = `singleValueExtendedProperties/Any(ep: ep/id eq '${DOSSIER_PROPERTY}' and ep/value eq '${dossierId}')`
      const answer = await graph({ method: 'get', path: messages, query: { $filter, ...query }, headers: immutable })
      if (!answer.ok) return answer
      const found = list.safeParse(answer.body)
      return found.success ? { ok: true, value: found.data.value } : unreadable
    },
    async draft(dossierId, to, letter) {
      const body = draftBody(dossierId, to, letter)
      const answer = await graph({ method: 'post', path: messages, body, headers: immutable })
      if (!answer.ok) return answer
      const made = stored.safeParse(answer.body)
      return made.success ? { ok: true, value: made.data } : unreadable
    },
    async find(id) {
      const answer = await graph({ method: 'get', path: one(id), query, headers: immutable })
      if (!answer.ok) return answer.reason === 'notFound' ? { ok: true, value: undefined } : answer
      const found = stored.safeParse(answer.body)
      return found.success ? { ok: true, value: found.data } : unreadable
    },
    async send(id) {
      const answer = await graph({ method: 'post', path: `${one(id)}/send`, headers: immutable })
      return answer.ok ? { ok: true, value: undefined } : answer
    },
    async discard(id) {
      await graph({ method: 'delete', path: one(id), headers: immutable })
    },
  }
}

function draftBody(dossierId: string, to: string, { subject, html }: Letter): object {
  return {
    subject,
    body: { contentType: 'html', content: html },
    toRecipients: [{ emailAddress: { address: to } }],
    singleValueExtendedProperties: [{ id: DOSSIER_PROPERTY, value: dossierId }],
    // No out-of-office answers to a machine.
    internetMessageHeaders: [{ name: 'X-Auto-Response-Suppress', value: 'All' }],
  }
}
