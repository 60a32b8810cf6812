import type { Principal } from '../../../services/accounts/principal.ts'
import type { StoredActivity } from '../../../services/conversations/activity.ts'
import type { ConversationStore } from '../../../services/conversations/conversation-store.ts'
import type { TranscriptTail } from '../../../services/conversations/transcript-tail.ts'
import type { Delivery } from './delivery.ts'
import { PAGE } from './limits.ts'

/** Activities as JSON texts, and the watermark after them. */
export interface Frame {
  readonly activities: readonly string[]
  readonly watermark: number
  /** There may be more behind it. */
  readonly isFull: boolean
}

export type Transcript = ReturnType<typeof createTranscript>

/** What the database's int can hold; a longer watermark is none of ours. */
const watermarkShape = /^\d{1,9}$/

/** @returns undefined for an empty watermark, which asks for the last activities */
export const parseWatermark = (text: string | null): number | undefined =>
  text !== null && watermarkShape.test(text) ? Number(text) : undefined

export const frameText = ({ activities, watermark }: Pick<Frame, 'activities' | 'watermark'>): string =>
  `{"activities":[${activities.join(',')}],"watermark":"${watermark}"}`

/** Reads conversations for their owner, a page at a time. */
export function createTranscript({
  conversations,
  delivery,
}: {
  conversations: ConversationStore
  delivery: Delivery
}) {
  const frame = async (stored: readonly StoredActivity[], viewer: Principal, from: number): Promise<Frame> => {
    const { activities, seq } = await delivery.batch(stored, viewer)
    return { activities, watermark: Math.max(seq, from), isFull: stored.length === PAGE }
  }

  return {
    /** What is known of without being read. */
    async tail({ after, activities }: TranscriptTail, viewer: Principal): Promise<Frame> {
      return { ...(await frame(activities, viewer, after)), isFull: false }
    },

    /** The last page: where a client begins that remembers nothing. */
    async latest(id: string, viewer: Principal): Promise<Frame> {
      return { ...(await frame(await conversations.latest(id, PAGE), viewer, 0)), isFull: false }
    },

    /** What is new or edited since a watermark, one page; the frame's watermark leads on to the next. */
    async since(id: string, viewer: Principal, watermark: number): Promise<Frame> {
      return frame(await conversations.since(id, watermark, PAGE), viewer, watermark)
    },

    /** The page above a position, and whether there is more above it. */
    async before(id: string, viewer: Principal, position: number) {
      const stored = await conversations.before(id, position, PAGE + 1)
      const { activities } = await delivery.batch(stored.slice(-PAGE), viewer)
      return { activities, more: stored.length > PAGE }
    },

    /** True for a watermark that lies ahead of the conversation, as after a restored backup: nothing would ever come. */
    async isAhead(id: string, watermark: number): Promise<boolean> {
      return watermark > ((await conversations.find(id))?.lastSeq ?? 0)
    },
  }
}
