import { AsyncResource } from 'node:async_hooks'
import type { EventBus } from '../event-bus.ts'

/** Within this process. A listener that throws does not keep the others from hearing; its error reaches the publisher. */
export function createInProcessEventBus(): EventBus {
  const topics = new Map<string, Set<(news?: object) => void>>()

  return {
    async publish(topic, news) {
      const errors: unknown[] = []
      // A copy: a listener may end its own subscription.
      for (const listener of new Set(topics.get(topic))) {
        try {
          listener(news)
        } catch (error) {
          errors.push(error)
        }
      }
      if (errors.length > 0) throw errors[0]
    },
    subscribe(topic, listener) {
      // In the subscriber's context, not in the publisher's, who may be inside a transaction.
      const bound = AsyncResource.bind(listener)
      const listeners = topics.get(topic) ?? new Set()
      topics.set(topic, listeners.add(bound))
      return () => {
        listeners.delete(bound)
        if (listeners.size === 0 && topics.get(topic) === listeners) topics.delete(topic)
      }
    },
    async close() {
      topics.clear()
    },
  }
}
