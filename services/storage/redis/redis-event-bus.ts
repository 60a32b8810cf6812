import { randomUUID } from 'node:crypto'
import type { EventBus } from '../event-bus.ts'
import type { RedisConnections } from './redis-connection.ts'

const CHANNEL = 'moussaada:news'

/**
 * Across instances. What is new here is heard here at once, whether Redis is there or not; others hear it through Redis,
 * and find it by reading the database again when Redis was away.
 */
export function createRedisEventBus({ commands, subscriber }: RedisConnections, local: EventBus): EventBus {
  const instance = randomUUID()
  const gathered = new Set<string>()

  /** What is new in one pass of the event loop is one message: each instance hears each one, its own too. */
  function tell(): void {
    const text = [instance, ...gathered].join('\n')
    gathered.clear()
    commands.publish(CHANNEL, text).catch(() => undefined)
  }

  subscriber.on('ready', () => void subscriber.subscribe(CHANNEL).catch(() => undefined))
  subscriber.on('message', (_channel: string, text: string) => {
    const [from, ...topics] = text.split('\n')
    if (from === instance) return
    for (const topic of topics) local.publish(topic).catch(() => undefined)
  })

  return {
    async publish(topic, news) {
      await local.publish(topic, news)
      if (gathered.size === 0) setImmediate(tell)
      gathered.add(topic)
    },
    subscribe: (topic, listener) => local.subscribe(topic, listener),
    close: () => local.close(),
  }
}
