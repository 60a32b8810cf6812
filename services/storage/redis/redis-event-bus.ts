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

  subscriber.on('ready', () => void subscriber.subscribe(CHANNEL).catch(() => undefined))
  subscriber.on('message', (_channel: string, text: string) => {
    const [from, topic] = text.split('\n')
    if (from !== instance && topic) local.publish(topic).catch(() => undefined)
  })

  return {
    async publish(topic, news) {
      await local.publish(topic, news)
      await commands.publish(CHANNEL, `${instance}\n${topic}`).catch(() => undefined)
    },
    subscribe: (topic, listener) => local.subscribe(topic, listener),
    close: () => local.close(),
  }
}
