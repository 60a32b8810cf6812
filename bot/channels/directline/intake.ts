import type { ActivityBody } from '../../../services/conversations/activity.ts'
import { channelEvents } from '../../../services/conversations/channel-events.ts'
import type { ConversationOf, TakenIn } from '../../../services/conversations/conversation.ts'
import type { ConversationStore, Incoming } from '../../../services/conversations/conversation-store.ts'
import type { RateLimit, RateLimiter } from '../../../services/storage/rate-limiter.ts'
import { tooOften } from './answer.ts'
import type { Answer } from './answer.ts'
import type { OwnConversation } from './access.ts'
import { limitNotice } from './limits.ts'

export type Answered = TakenIn | { readonly taken: 'late' }

/** Begins the turns that wait in a conversation, or sees that they are already under way, and shows what was said. */
export interface Turns {
  wake(conversationId: string, memberId?: string): void
  /** Undefined: it is to be stored first; late: it is to be sent again. */
  takeAtOnce(conversation: Required<ConversationOf>, incoming: Incoming): Promise<Answered | undefined>
}

export interface IntakeParts {
  readonly conversations: ConversationStore
  readonly rateLimiter: RateLimiter
  readonly turns: Turns
}

interface Told {
  readonly name: string
  /** Tells one such event from the next; the same again is not stored. */
  readonly occasion: string
  readonly locale?: string
}

export type Intake = ReturnType<typeof createIntake>

/** Stores what came, and begins its turn. */
export function createIntake({ conversations, rateLimiter, turns }: IntakeParts) {
  const intake = {
    async take(conversationId: string, incoming: Incoming) {
      const taken = await conversations.takeIn(conversationId, incoming)
      // Also when it is known: who stored it may have been cut off before the turn began.
      if (taken.taken !== 'closed') turns.wake(conversationId, taken.memberId)
      return taken
    },

    /** The same, for what brings no file: mostly its turn is over by then, and both are stored in one commit. */
    async answer({ bearer, conversationId }: OwnConversation, incoming: Incoming): Promise<Answered> {
      const { memberId } = bearer
      const taken = await turns.takeAtOnce({ id: conversationId, memberId }, incoming)
      if (!taken) return intake.take(conversationId, incoming)
      if (taken.taken === 'again') turns.wake(conversationId, taken.memberId)
      return taken
    },

    async tell(conversationId: string, { name, occasion, locale }: Told): Promise<void> {
      const body: ActivityBody = { type: 'event', name, ...(locale !== undefined && { locale }) }
      await intake.take(conversationId, { clientId: `${name}|${occasion}`, body })
    },

    /** @returns a refusal when the member has used up one of the limits; the assistant then says so, once a minute */
    async overLimit(
      { bearer, conversationId }: OwnConversation,
      ...limits: readonly RateLimit[]
    ): Promise<Answer | undefined> {
      const waits = await Promise.all(limits.map(limit => rateLimiter.take(limit, bearer.memberId)))
      const wait = Math.max(...waits)
      if (wait <= 0) return undefined
      if ((await rateLimiter.take(limitNotice, bearer.memberId)) <= 0)
        await intake.tell(conversationId, { name: channelEvents.rateLimited, occasion: crypto.randomUUID() })
      return tooOften(wait)
    },
  }
  return intake
}
