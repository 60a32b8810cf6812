import type { Cache } from '../cache.ts'
import type { RedisConnections } from './redis-connection.ts'

const keyOf = (key: string): string => `moussaada:cache:${key}`

/** Across instances; each instance by itself while Redis is away. Every key expires. */
export function createRedisCache({ commands }: RedisConnections, local: Cache): Cache {
  return {
    async get(key) {
      const shared = await commands.get(keyOf(key)).catch(() => null)
      return shared ?? (await local.get(key))
    },
    async set(key, value, seconds) {
      try {
        await commands.set(keyOf(key), value, 'PX', Math.max(1, Math.round(seconds * 1000)))
      } catch {
        await local.set(key, value, seconds)
      }
    },
    close: () => local.close(),
  }
}
