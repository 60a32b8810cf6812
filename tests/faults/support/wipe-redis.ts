import { Redis } from 'ioredis'

/** As FLUSHALL does: leases, limits and all. */
export async function wipe(url: string): Promise<void> {
  const redis = new Redis(url)
  try {
    await redis.flushall()
  } finally {
    redis.disconnect()
  }
}
