import type { Principal } from '../../../services/accounts/principal.ts'
import { fileContentSchema } from '../../../services/conversations/activity.ts'
import type { Attachment, StoredActivity } from '../../../services/conversations/activity.ts'
import type { Language } from '../../../services/language.ts'
import { RIB_PLACEHOLDER, groupRib, normaliseRib } from '../../../services/members/rib.ts'
import type { Links } from './links.ts'
import { userIdOf } from './tokens.ts'

export interface DeliveryParts {
  readonly links: Pick<Links, 'fileUrl'>
  /** The member's RIB, while they are asked to confirm it. */
  readonly revealRib: (memberId: string) => Promise<string | undefined>
  readonly botName: (language: Language) => string
}

export interface Batch {
  /** JSON text of each activity that a client may see. */
  readonly activities: readonly string[]
  /** The highest seq among all of them, seen or not. */
  readonly seq: number
}

export type Delivery = ReturnType<typeof createDelivery>

/** What a card shows of a RIB that its sender gave no mask for. */
const blindMask = '••••'

export const activityId = (conversationId: string, position: number): string =>
  `${conversationId}|${String(position).padStart(7, '0')}`

/** Turns stored activities into what the wire shows to the owner of their conversation. */
export function createDelivery(parts: DeliveryParts) {
  async function toWire(activity: StoredActivity, viewer: Principal): Promise<string> {
    if (activity.direction === 'in') return JSON.stringify(await incoming(parts, activity, viewer))
    const { wire, mask } = outgoing(parts, activity, viewer.memberId)
    const text = JSON.stringify(wire)
    if (!text.includes(RIB_PLACEHOLDER)) return text
    const shown = await ribShown(parts, viewer.memberId, mask)
    return text.replaceAll(RIB_PLACEHOLDER, () => shown)
  }

  return {
    async batch(activities: readonly StoredActivity[], viewer: Principal): Promise<Batch> {
      const visible = activities.filter(isVisible)
      return {
        activities: await Promise.all(visible.map(activity => toWire(activity, viewer))),
        seq: activities.reduce((highest, { seq }) => Math.max(highest, seq), 0),
      }
    },
  }
}

/** What begins a turn without anybody having said something stays between the channel and the assistant. */
export const isVisible = ({ direction, body }: StoredActivity): boolean =>
  body.type === 'message' || (direction === 'out' && body.type !== 'conversationUpdate')

/** As it stands inside JSON text. */
async function ribShown({ revealRib }: DeliveryParts, memberId: string, mask: string): Promise<string> {
  const rib = await revealRib(memberId)
  const digits = rib === undefined ? undefined : normaliseRib(rib)
  return JSON.stringify(digits === undefined ? mask : groupRib(digits)).slice(1, -1)
}

/** No `replyToId`: Web Chat holds an answer back for seconds when it does not know what it answers. */
function envelope({ conversationId, position, at, body }: StoredActivity) {
  return {
    type: body.type,
    id: activityId(conversationId, position),
    timestamp: at.toISOString(),
    channelId: 'webchat',
    conversation: { id: conversationId },
  }
}

function outgoing({ botName }: DeliveryParts, activity: StoredActivity, memberId: string) {
  const { channelData, replyToPosition: _, truncated: __, ...body } = activity.body
  const { shown, mask } = withoutMask(channelData?.moussaada)
  const wire = {
    ...body,
    ...envelope(activity),
    from: { id: 'moussaada', name: botName(body.locale?.startsWith('ar') ? 'ar' : 'fr'), role: 'bot' },
    recipient: { id: userIdOf(memberId), role: 'user' },
    channelData: {
      ...channelData,
      ...(shown !== undefined && { moussaada: shown }),
      'webchat:sequence-id': activity.position,
    },
  }
  return { wire, mask }
}

/** The mask travels with the card that it is for, as far as here. */
function withoutMask(data: unknown): { shown: unknown; mask: string } {
  if (typeof data !== 'object' || data === null || !('rib' in data)) return { shown: data, mask: blindMask }
  const { rib, ...shown } = data
  return { shown, mask: typeof rib === 'string' ? rib : blindMask }
}

async function incoming(parts: DeliveryParts, activity: StoredActivity, viewer: Principal) {
  const { text, locale, value, attachments = [], channelData } = activity.body
  const files = await Promise.all(attachments.map(attachment => fileOnWire(parts, attachment, viewer)))
  return {
    ...envelope(activity),
    from: { id: userIdOf(viewer.memberId), role: 'user' },
    ...(text !== undefined && { text, textFormat: 'plain' }),
    ...(locale !== undefined && { locale }),
    ...(value !== undefined && { value }),
    ...(files.length > 0 && { attachments: files.map(({ attachment }) => attachment) }),
    channelData: {
      ...channelData,
      ...(files.length > 0 && { attachmentSizes: files.map(({ size }) => size) }),
      'webchat:sequence-id': activity.position,
    },
  }
}

/** A stored file gets a link of the viewer's own at every delivery; a refused one keeps its name and nothing more. */
async function fileOnWire({ links }: DeliveryParts, { contentType, name, content }: Attachment, viewer: Principal) {
  const file = fileContentSchema.parse(content)
  if ('refused' in file) return { attachment: { contentType, name }, size: file.size ?? 0 }
  const contentUrl = await links.fileUrl(viewer, file.document)
  return { attachment: { contentType, name, contentUrl }, size: file.size }
}
