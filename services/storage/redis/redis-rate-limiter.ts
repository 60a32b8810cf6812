import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'
import type { RateLimit, RateLimiter } from '../rate-limiter.ts'
import type { RedisConnections } from './redis-connection.ts'

/** Across instances, by windows of `seconds`; each instance by itself while Redis is away. Every key expires with its window. */
export function createRedisRateLimiter({ commands }: RedisConnections): RateLimiter {
  const limiters = new Map<string, RateLimiterRedis>()

  function limiterFor({ name, points, seconds }: RateLimit): RateLimiterRedis {
    const id = `${name}:${points}:${seconds}`
    const known = limiters.get(id)
    if (known) return known
    const window = { points, duration: seconds }
    const limiter = new RateLimiterRedis({
      ...window,
      storeClient: commands,
      keyPrefix: `moussaada:limit:${id}`,
      insuranceLimiter: new RateLimiterMemory({ ...window, keyPrefix: id }),
    })
    limiters.set(id, limiter)
    return limiter
  }

  return {
    async take(limit, key) {
      try {
        await limiterFor(limit).consume(key)
        return 0
      } catch (refused) {
        if (refused instanceof RateLimiterRes) return Math.max(1, refused.msBeforeNext)
        throw refused
      }
    },
    close: () => Promise.resolve(),
  }
}
