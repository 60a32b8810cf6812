import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import type { Cache } from '../../../services/storage/cache.ts'
import { createInProcessCache } from '../../../services/storage/embedded/cache.ts'
import { connectRedis, type RedisConnections } from '../../../services/storage/redis/redis-connection.ts'
import { createRedisCache } from '../../../services/storage/redis/redis-cache.ts'
import { startPrivateRedis, type PrivateRedis } from '../../support/private-redis.ts'
import { silentLog } from '../../support/silent-log.ts'
import { describeColumns, type Place } from './support/columns.ts'

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000
  while (!(await holds())) {
    assert.ok(Date.now() < deadline, 'it did not come about')
    await sleep(20)
  }
}

describeColumns('an operator wants an answer to be remembered for a while', column => {
  let place: Place
  let cache: Cache
  before(async () => {
    place = await column.newPlace()
    ;({ cache } = await place.open())
  })
  after(() => place.remove())

  it('finds what was set last, until its time is over', async () => {
    assert.equal(await cache.get('a'), undefined)
    await cache.set('a', 'first', 60)
    await cache.set('a', 'العربية\n"second"', 60)
    await cache.set('b', 'short', 0.05)
    assert.equal(await cache.get('a'), 'العربية\n"second"')
    await until(async () => (await cache.get('b')) === undefined)
    assert.equal(await cache.get('a'), 'العربية\n"second"')
  })

  it('tells an empty value from none', async () => {
    await cache.set('empty', '', 60)
    assert.equal(await cache.get('empty'), '')
  })
})

describe('a small machine wants a bounded memory of answers', () => {
  it('forgets what was set first', async () => {
    const cache = createInProcessCache({ now: () => new Date(0), values: 2 })
    for (const key of ['a', 'b', 'a', 'c']) await cache.set(key, key, 60)
    assert.deepEqual(await Promise.all(['a', 'b', 'c'].map(key => cache.get(key))), ['a', undefined, 'c'])
  })
})

describe('several instances want to share what they were told', () => {
  let redis: PrivateRedis
  const opened: RedisConnections[] = []
  const instance = () => {
    const connections = connectRedis({ redisUrl: redis.url, log: silentLog })
    opened.push(connections)
    return createRedisCache(connections, createInProcessCache({ now: () => new Date() }))
  }
  const shared = async (one: Cache, other: Cache, key: string) => {
    await one.set(key, 'told', 60)
    return (await other.get(key)) === 'told'
  }
  before(async () => {
    redis = await startPrivateRedis()
  })
  after(async () => {
    for (const connections of opened) connections.close()
    await redis.close()
  })

  it('finds in one what another was told, and nothing there that stays for ever', async () => {
    const [one, other] = [instance(), instance()]
    await until(() => shared(one, other, 'x'))
    const client = new Redis(redis.url)
    for (const key of await client.keys('*')) assert.ok((await client.pttl(key)) > 0, key)
    client.disconnect()
  })

  it('remembers by itself while Redis is away', async () => {
    const [one, other] = [instance(), instance()]
    await until(() => shared(one, other, 'y'))
    await redis.stop()
    const found = [await one.get('z')]
    await one.set('z', 'mine', 60)
    found.push(await one.get('z'), await other.get('z'))
    await redis.start()
    assert.deepEqual(found, [undefined, 'mine', undefined])
  })
})
