import { z } from 'zod'
import type { ActivityBody } from '../../../services/conversations/activity.ts'
import { TEXT_LIMIT, storable } from '../../../services/conversations/clean-text.ts'
import { hideRibs, LONGEST_RIB } from '../../../services/members/rib-search.ts'
import { isWithin } from '../../json-size.ts'
import type { RefusalCode } from './answer.ts'

/** What a client's activity says once all that it could forge is gone. */
export type Inbound =
  | { readonly ok: true; readonly said: Said }
  /** Nothing to keep, and nothing wrong. */
  | { readonly ok: true; readonly said?: undefined }
  | { readonly ok: false; readonly refused: RefusalCode }

export interface Said {
  readonly clientId?: string
  readonly body: ActivityBody
  /** Files that the activity announces; an upload brings them. */
  readonly announced: number
}

// Echoed as it came, and kept as a key: so only what can be both.
const clientIdSchema = z
  .string()
  .min(1)
  .max(200, { abort: true })
  .refine(id => id === storable(id))

// Fields that are not named here are dropped: from, recipient, conversation, ids, times, entities, addresses.
const activitySchema = z.object({
  type: z.string().max(50),
  text: z.string().nullish(),
  locale: z.string().max(200).nullish().catch(undefined),
  value: z.unknown().optional(),
  attachments: z.array(z.unknown()).nullish(),
  channelData: z
    .object({ clientActivityID: clientIdSchema.optional(), postBack: z.boolean().optional().catch(undefined) })
    .nullish(),
})

type ClientActivity = z.infer<typeof activitySchema>

/** Of a button's value: what ours carry, many times over. */
const valueLimits = { units: 8 * 1024, parts: 500 }
const languageTag = /^[a-z]{2,3}(-[a-z0-9]{2,8}){0,3}$/i

/** What stock clients send by themselves. No event comes from a client: those that the assistant knows are its own. */
const ignored = new Set(['typing', 'event', 'messageReaction', 'endOfConversation'])

/** @param value the parsed JSON of a client's activity */
export function readInbound(value: unknown): Inbound {
  const parsed = activitySchema.safeParse(value)
  if (!parsed.success) return { ok: false, refused: 'activity.malformed' }
  const activity = parsed.data
  if (ignored.has(activity.type)) return { ok: true }
  if (activity.type !== 'message') return { ok: false, refused: 'activity.unsupported' }
  // Before it is cleaned, which takes time for each text in it.
  if (!isWithin(activity.value, valueLimits)) return { ok: false, refused: 'activity.malformed' }
  return { ok: true, said: said(activity, cleanValue(activity.value ?? undefined)) }
}

/** True when an activity that brings no file has nothing that could be answered. */
export const saysNothing = ({ body }: Said) => body.text === undefined && body.value === undefined

function said({ text, locale, attachments, channelData }: ClientActivity, value: unknown): Said {
  const clientId = channelData?.clientActivityID
  const kept = {
    ...(clientId !== undefined && { clientActivityID: clientId }),
    ...(channelData?.postBack && { postBack: true }),
  }
  return {
    ...(clientId !== undefined && { clientId }),
    announced: attachments?.length ?? 0,
    body: {
      type: 'message',
      ...(typeof text === 'string' && text !== '' && typedText(text)),
      ...(locale && languageTag.test(locale) && { locale }),
      ...(value !== undefined && { value }),
      ...(Object.keys(kept).length > 0 && { channelData: kept }),
    },
  }
}

function typedText(text: string): Pick<ActivityBody, 'text' | 'truncated'> {
  const truncated = text.length > TEXT_LIMIT
  return { text: keptText(text), ...(truncated && { truncated }) }
}

/** A RIB that somebody types is hidden before anything keeps it, also where the text is cut. */
const keptText = (text: string): string =>
  storable(hideRibs(storable(text.slice(0, TEXT_LIMIT + LONGEST_RIB)), TEXT_LIMIT))

const poisonous = new Set(['__proto__', 'constructor', 'prototype'])

/** What our buttons carry: of the digits in one, enough may follow each other, with the right key, that they look like a RIB. */
const uuid = z.uuid()

/** A copy without what could change an object's prototype, be unstorable, or be a RIB. The depth is bounded already. */
function cleanValue(value: unknown): unknown {
  if (typeof value === 'string') return uuid.safeParse(value).success ? value : keptText(value)
  if (Array.isArray(value)) return value.map(cleanValue)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([key]) => !poisonous.has(key))
  return Object.fromEntries(entries.map(([key, held]) => [keptText(key), cleanValue(held)]))
}
