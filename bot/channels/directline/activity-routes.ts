import type { RateLimiter } from '../../../services/storage/rate-limiter.ts'
import { jsonText, json, refusal, tooOften } from './answer.ts'
import type { Answer } from './answer.ts'
import type { OwnerHandler } from './access.ts'
import { activityId } from './delivery.ts'
import type { Answered, Intake } from './intake.ts'
import { readInbound, saysNothing } from './inbound.ts'
import { readJson } from './json-body.ts'
import { messageLimit, readLimit } from './limits.ts'
import { frameText, parseWatermark } from './transcript.ts'
import type { Transcript } from './transcript.ts'

/** `POST …/activities`: answered once the activity is stored, mostly with what is said to it. */
export function postActivity({ intake }: { intake: Intake }): OwnerHandler {
  return async ({ request }, own) => {
    // First of all: what cannot be read costs its sender as much as what can.
    const limited = await intake.overLimit(own, messageLimit)
    if (limited) return limited
    const body = await readJson(request)
    if (!body.ok) return refusal(body.refused)
    const inbound = readInbound(body.value)
    if (!inbound.ok) return refusal(inbound.refused)
    if (!inbound.said) return json(200, { id: activityId(own.conversationId, 0) })
    if (saysNothing(inbound.said)) return refusal('activity.empty')
    return taken(own.conversationId, await intake.answer(own, inbound.said))
  }
}

/** A closed conversation and one that never was are the same to a client: it opens another. */
export function taken(conversationId: string, outcome: Answered): Answer {
  if (outcome.taken === 'closed') return refusal('notFound')
  if (outcome.taken === 'late') return refusal('unavailable')
  return json(200, { id: activityId(conversationId, outcome.position) })
}

export interface ReadParts {
  readonly transcript: Transcript
  readonly rateLimiter: RateLimiter
}

/**
 * `GET …/activities`: `?watermark=` for what is new since (empty: the last 60), or `?before=` with the lowest
 * `webchat:sequence-id` shown for the 60 above it, answered as `{ activities, more }`.
 */
export function getActivities({ transcript, rateLimiter }: ReadParts): OwnerHandler {
  return async ({ query }, { conversationId, bearer }) => {
    const wait = await rateLimiter.take(readLimit, bearer.memberId)
    if (wait > 0) return tooOften(wait)
    const position = parseWatermark(query.get('before'))
    if (position !== undefined) return earlier(await transcript.before(conversationId, bearer, position))
    const watermark = parseWatermark(query.get('watermark'))
    if (watermark === undefined) return jsonText(200, frameText(await transcript.latest(conversationId, bearer)))
    const news = await transcript.since(conversationId, bearer, watermark)
    const isLost = news.watermark === watermark && (await transcript.isAhead(conversationId, watermark))
    return jsonText(200, frameText(isLost ? await transcript.latest(conversationId, bearer) : news))
  }
}

const earlier = ({ activities, more }: { activities: readonly string[]; more: boolean }): Answer =>
  jsonText(200, `{"activities":[${activities.join(',')}],"more":${more}}`)
