import type { Activity, Attachment } from 'botframework-schema'
import { z } from 'zod'
import { RIB_PLACEHOLDER } from '../../services/members/rib.ts'
import type { ActivityBody } from '../../services/conversations/activity.ts'
import { layOutForTeams } from './teams-layout.ts'
import { buttons, cardContentType, paragraph, type CardElement } from './adaptive-card.ts'

/** Teams shows no more suggestions than this. */
const MOST_CHIPS = 3
const blindMask = '••••'

const cardSchema = z.looseObject({ body: z.array(z.looseObject({ type: z.string() })) })
const chipSchema = z.object({ title: z.string(), value: z.record(z.string(), z.unknown()) })
const maskSchema = z.object({ moussaada: z.object({ rib: z.string() }) })
const textBlock = z.looseObject({ type: z.literal('TextBlock'), text: z.string(), style: z.string().optional() })

export interface TeamsView {
  /** The digits to show in place of the mask, where the foundation lets Teams show them. */
  readonly rib?: string | undefined
  /** Shown by a notification that has nothing better. */
  readonly botName: string
  /** Of a button under a choice whose title stands above it. */
  readonly choose: string
}

/**
 * What Teams shows of messages that go out together: one message, whose words stand above the card of the last one.
 * Suggestions, which Teams hardly shows, become buttons of the card; a RIB is masked unless its digits are given.
 */
export function teamsMessage(bodies: readonly ActivityBody[], view: TeamsView): Partial<Activity> {
  const texts = bodies.flatMap(({ text }) => (text ? [text] : []))
  const last = bodies.at(-1)
  const card = cardSchema.safeParse(last?.attachments?.[0]?.content).data
  const chips = chipsOf(last)
  const locale = last?.locale ?? 'fr-MA'
  if (!card && chips.length === 0) {
    return { type: 'message', text: readable(texts.join('\n\n')), textFormat: 'plain', locale }
  }
  const body = layOutForTeams([...texts.map(paragraph), ...(card?.body ?? []), ...chips], view.choose)
  const content = { ...(card ?? blankCard(locale)), body: body.map(forReading) }
  return {
    type: 'message',
    locale,
    summary: texts[0] ?? headingOf(body) ?? view.botName,
    attachments: [shown(content, last, view)],
    ...(last?.inputHint !== undefined && { inputHint: last.inputHint }),
  }
}

function blankCard(locale: string): Record<string, unknown> {
  const isArabic = locale.startsWith('ar')
  return { type: 'AdaptiveCard', version: '1.5', lang: isArabic ? 'ar' : 'fr', ...(isArabic && { rtl: true }) }
}

/** Under everything else: what can be done beside answering. */
function chipsOf(body: ActivityBody | undefined): CardElement[] {
  const shown = (body?.suggestedActions?.actions ?? []).map(action => chipSchema.parse(action)).slice(0, MOST_CHIPS)
  return shown.length > 0 ? [{ ...buttons(shown), separator: true, spacing: 'Medium' }] : []
}

function headingOf(body: readonly unknown[]): string | undefined {
  const blocks = body.map(element => textBlock.safeParse(element).data)
  return blocks.find(block => block?.style === 'heading')?.text
}

/** Signs stay with their words in French; and Teams reads Markdown in a card, where a file may be named like a link. */
const readable = (text: string) =>
  text
    .replaceAll(/ (?=[:;?!»])/g, '\u00a0')
    .replaceAll(/(?<=«) /g, '\u00a0')
    .replaceAll('](', ']\u2060(')

function forReading(element: unknown): unknown {
  if (Array.isArray(element)) return element.map(forReading)
  if (typeof element !== 'object' || element === null) return element
  return Object.fromEntries(
    Object.entries(element).map(([key, value]) => [
      key,
      key === 'text' && typeof value === 'string' ? readable(value) : forReading(value),
    ]),
  )
}

function shown(content: unknown, body: ActivityBody | undefined, { rib }: TeamsView): Attachment {
  const mask = maskSchema.safeParse(body?.channelData).data?.moussaada.rib ?? blindMask
  const digits = JSON.stringify(rib ?? mask).slice(1, -1)
  const text = JSON.stringify(content).replaceAll(RIB_PLACEHOLDER, () => digits)
  return { contentType: cardContentType, content: JSON.parse(text) }
}
