import { transcriptTopic } from '../services/conversations/conversation.ts'
import type { TranscriptTail } from '../services/conversations/transcript-tail.ts'
import type { Log } from '../services/log.ts'
import type { EventBus } from '../services/storage/event-bus.ts'

/**
 * Most answers come sooner, also under load, and what was said is shown with them, by one read and one frame; before a
 * longer turn it is shown by itself. The page of whoever said it shows it at once.
 */
const ECHO_MS = 500

/** Tells those who watch a conversation that it has changed. */
export interface Notices {
  /** @param tail what is new, as far as that is known */
  now(conversationId: string, tail?: TranscriptTail): void
  /** Unless it is told now before that. */
  soon(conversationId: string): void
}

export function createNotices({ eventBus, log }: { eventBus: EventBus; log: Log }): Notices {
  const waiting = new Map<string, NodeJS.Timeout>()

  function now(id: string, tail?: TranscriptTail): void {
    clearTimeout(waiting.get(id))
    waiting.delete(id)
    // Lost, it costs seconds and never a message: whoever watches reads again by themselves.
    eventBus.publish(transcriptTopic(id), tail).catch(() => log.warn('turn.notice-lost', { conversation: id }))
  }

  return {
    now,
    soon(id) {
      if (!waiting.has(id)) waiting.set(id, setTimeout(now, ECHO_MS, id))
    },
  }
}
