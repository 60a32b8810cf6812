import type { IncomingMessage } from 'node:http'
import { z } from 'zod'
import { channelEvents } from '../../../services/conversations/channel-events.ts'
import type { ConversationStore } from '../../../services/conversations/conversation-store.ts'
import type { Language } from '../../../services/language.ts'
import type { RateLimiter } from '../../../services/storage/rate-limiter.ts'
import type { PublicAddress } from '../../public-address.ts'
import { json, refusal } from './answer.ts'
import type { Answer } from './answer.ts'
import { isOpenFor } from './access.ts'
import type { MemberHandler, OwnerHandler } from './access.ts'
import type { Intake, Turns } from './intake.ts'
import { readJson } from './json-body.ts'
import { OPENING_LIMIT, RETURN_AFTER, openLimit } from './limits.ts'
import type { Links } from './links.ts'
import type { Bearer, Tokens } from './tokens.ts'

export interface ConversationRouteParts {
  readonly conversations: ConversationStore
  readonly intake: Intake
  readonly turns: Turns
  readonly rateLimiter: RateLimiter
  readonly tokens: Tokens
  readonly links: Pick<Links, 'streamUrl'>
  readonly address: Pick<PublicAddress, 'originFor'>
  readonly now: () => Date
  readonly newId: () => string
}

const openingSchema = z.object({ locale: z.string().optional().catch(undefined) })

const languageOf = (locale = ''): Language => (locale.toLowerCase().startsWith('ar') ? 'ar' : 'fr')

/** `POST /conversations`: the member's open conversation, 200, or a new one that the assistant greets, 201. */
export function startConversation(parts: ConversationRouteParts): MemberHandler {
  return async ({ request }, bearer) => {
    if (await isTooOften(parts, bearer)) return refusal('rateLimited')
    const body = await readJson(request, OPENING_LIMIT)
    if (!body.ok) return refusal(body.refused)
    const opening = openingSchema.safeParse(body.value)
    if (!opening.success) return refusal('request.malformed')
    const language = languageOf(opening.data.locale)
    const { memberId } = bearer
    const conversation = { id: parts.newId(), channel: 'webchat', memberId, language } as const
    const first = { type: 'conversationUpdate', locale: `${language}-MA` } as const
    const opened = await parts.conversations.resumeOrCreate(conversation, first)
    // The member is gone from the register while their token still lives.
    if (!opened) return refusal('unauthorized')
    if (opened.created) parts.turns.wake(opened.id, memberId)
    else await welcomeBack(parts, opened)
    if (opened.turnedTo) await followPage(parts, opened.id, opened.turnedTo)
    return connection(parts, { request, bearer, conversationId: opened.id, status: opened.created ? 201 : 200 })
  }
}

/** `GET /conversations/:id`: a new token and stream for who comes back to it. */
export function resumeConversation(parts: ConversationRouteParts): OwnerHandler {
  return async ({ request, query }, { bearer, conversationId }) => {
    if (await isTooOften(parts, bearer)) return refusal('rateLimited')
    const conversation = await parts.conversations.find(conversationId)
    if (!isOpenFor(conversation, bearer.memberId)) return refusal('notFound')
    await welcomeBack(parts, conversation)
    const watermark = query.get('watermark') ?? ''
    return connection(parts, { request, bearer, conversationId, status: 200, watermark })
  }
}

const isTooOften = async ({ rateLimiter }: ConversationRouteParts, { memberId }: Bearer) =>
  (await rateLimiter.take(openLimit, memberId)) > 0

/** Lets the assistant ask whether to go on, once for each absence. */
async function welcomeBack(
  { intake, now }: ConversationRouteParts,
  { id, activeAt }: { id: string; activeAt: Date },
): Promise<void> {
  const absence = now().getTime() - activeAt.getTime()
  if (absence <= RETURN_AFTER) return
  await intake.tell(id, { name: channelEvents.returned, occasion: String(activeAt.getTime()) })
}

/** Whoever opens the page in the other language wants to be spoken to in it. */
async function followPage({ intake, newId }: ConversationRouteParts, id: string, language: Language): Promise<void> {
  await intake.tell(id, { name: channelEvents.pageTurned, occasion: newId(), locale: `${language}-MA` })
}

interface Connecting {
  readonly request: IncomingMessage
  readonly bearer: Bearer
  readonly conversationId: string
  readonly status: number
  readonly watermark?: string
}

async function connection(parts: ConversationRouteParts, connecting: Connecting): Promise<Answer> {
  const { tokens, links, address } = parts
  const { request, bearer, conversationId, status, watermark = '' } = connecting
  const { token, expiresIn } = await tokens.renew(bearer, conversationId)
  const origin = address.originFor(request.headers)
  const streamUrl = await links.streamUrl(bearer, conversationId, { origin, watermark })
  return json(status, { conversationId, token, expires_in: expiresIn, streamUrl })
}
