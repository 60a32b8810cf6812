import { Redis } from 'ioredis'

/** As FLUSHALL does: leases, limits and all. */
export const wipe = (url: string): Promise<void> => withRedis(url, async redis => void (await redis.flushall()))

/** Forgets how much everybody has sent. */
export const forgetLimits = (url: string): Promise<void> =>
  withRedis(url, async redis => {
    const limits = await redis.keys('moussaada:limit:*')
    if (limits.length > 0) await redis.del(limits)
  })

async function withRedis(url: string, work: (redis: Redis) => Promise<void>): Promise<void> {
  const redis = new Redis(url)
  try {
    await work(redis)
  } finally {
    redis.disconnect()
  }
}
