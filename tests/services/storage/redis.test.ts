import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { createInProcessEventBus } from '../../../services/storage/embedded/event-bus.ts'
import { createInProcessLease } from '../../../services/storage/embedded/lease.ts'
import { connectRedis, type RedisConnections } from '../../../services/storage/redis/redis-connection.ts'
import { createRedisEventBus } from '../../../services/storage/redis/redis-event-bus.ts'
import { createRedisLease } from '../../../services/storage/redis/redis-lease.ts'
import { createRedisRateLimiter } from '../../../services/storage/redis/redis-rate-limiter.ts'
import { startPrivateRedis, type PrivateRedis } from '../../support/private-redis.ts'
import { silentLog } from '../../support/silent-log.ts'

let redis: PrivateRedis
const opened: RedisConnections[] = []
/** Leases that lapsed while their holder was at work. */
let lost = 0

/** What one instance of the assistant has of Redis. */
async function instance() {
  const connections = connectRedis({ redisUrl: redis.url, log: silentLog })
  opened.push(connections)
  const parts = {
    eventBus: createRedisEventBus(connections, createInProcessEventBus()),
    lease: createRedisLease({ connections, local: createInProcessLease(), log: silentLog, onLost: () => lost++ }),
    rateLimiter: createRedisRateLimiter(connections),
  }
  await until(async () => (await listening(connections)) === opened.length)
  return parts
}

/** How many instances hear what is new; none while Redis cannot say. */
async function listening({ commands }: RedisConnections): Promise<number> {
  const counts = await commands.pubsub('NUMSUB', 'moussaada:news').catch(() => [])
  return Number(counts[1] ?? 0)
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000
  while (!(await holds())) {
    assert.ok(Date.now() < deadline, 'it did not come about')
    await sleep(20)
  }
}

before(async () => {
  redis = await startPrivateRedis()
})
after(async () => {
  for (const connections of opened) connections.close()
  await redis.close()
})

describe('a member whose browser is on another instance wants to hear what is new', () => {
  it('hears it there, and once only where it was said', async () => {
    const [here, there] = [await instance(), await instance()]
    let heardHere = 0
    let heardThere = 0
    here.eventBus.subscribe('conversation:1', () => heardHere++)
    there.eventBus.subscribe('conversation:1', () => heardThere++)
    await here.eventBus.publish('conversation:1')
    await until(() => heardThere === 1)
    await sleep(100)
    assert.deepEqual([heardHere, heardThere], [1, 1])
  })

  it('hears all of what is new at one moment', async () => {
    const [here, there] = [await instance(), await instance()]
    const heard: string[] = []
    for (const topic of ['conversation:a', 'conversation:b']) there.eventBus.subscribe(topic, () => heard.push(topic))
    await Promise.all(['conversation:a', 'conversation:b'].map(topic => here.eventBus.publish(topic)))
    await until(() => heard.length === 2)
    assert.deepEqual(heard.toSorted(), ['conversation:a', 'conversation:b'])
  })

  it('hears it here while Redis is away, and there again once it is back', async () => {
    const [here, there] = [await instance(), await instance()]
    let heardHere = 0
    let heardThere = 0
    here.eventBus.subscribe('conversation:2', () => heardHere++)
    there.eventBus.subscribe('conversation:2', () => heardThere++)
    await redis.stop()
    await here.eventBus.publish('conversation:2')
    assert.equal(heardHere, 1)
    await redis.start()
    await until(async () => {
      await here.eventBus.publish('conversation:2')
      await sleep(50)
      return heardThere > 0
    })
  })
})

describe('a member wants two messages worked on one after the other, wherever they arrive', () => {
  it('has one instance wait for the other', async () => {
    const [one, other] = [await instance(), await instance()]
    const order: string[] = []
    const first = one.lease.hold('member:1', async () => {
      order.push('one begins')
      await sleep(200)
      order.push('one ends')
    })
    await sleep(50)
    await other.lease.hold('member:1', async () => void order.push('other'))
    await first
    assert.deepEqual(order, ['one begins', 'one ends', 'other'])
  })

  it('is told soon when it will not wait for long, here as elsewhere', async () => {
    const [one, other] = [await instance(), await instance()]
    const done = Promise.withResolvers<void>()
    const first = one.lease.hold('member:7', () => done.promise)
    await sleep(50)
    for (const { lease } of [one, other]) {
      const begun = performance.now()
      await assert.rejects(
        lease.hold('member:7', async () => undefined, 100),
        { code: 'lease.timeout' },
      )
      assert.ok(performance.now() - begun < 1_000)
    }
    done.resolve()
    await first
    assert.equal(await other.lease.hold('member:7', async () => 'worked', 100), 'worked')
  })

  it('goes on while Redis is away', async () => {
    const { lease } = await instance()
    await redis.stop()
    assert.equal(await lease.hold('member:2', async () => 'worked'), 'worked')
    await redis.start()
  })

  it('goes on while Redis stands still, and is held up by that once and not each time', async () => {
    const { lease, rateLimiter } = await instance()
    redis.freeze()
    const begun = performance.now()
    for (let turn = 0; turn < 10; turn++) {
      await rateLimiter.take({ name: 'frozen', points: 50, seconds: 60 }, 'someone')
      assert.equal(await lease.hold('member:5', async () => 'worked'), 'worked')
    }
    const took = performance.now() - begun
    redis.thaw()
    // Each of twenty commands would wait for 2 s.
    assert.ok(took < 10_000, `it took ${took} ms`)
  })

  it('goes on while Redis goes away in the middle of work that takes long, and comes back', async () => {
    const { lease } = await instance()
    const done = lease.hold('member:4', async () => {
      await redis.stop()
      // Longer than it takes until the lease is renewed.
      await sleep(3_500)
      await redis.start()
      return 'worked'
    })
    assert.equal(await done, 'worked')
  })

  it('goes on while Redis forgets who holds what, and an operator can count it', async () => {
    const { lease } = await instance()
    const client = new Redis(redis.url)
    const before = lost
    await lease.hold('member:6', async () => {
      await client.flushall()
      await until(() => lost > before)
    })
    client.disconnect()
    assert.equal(lost, before + 1)
  })

  it('keeps nothing in Redis that does not expire', async () => {
    const { lease, rateLimiter } = await instance()
    const client = new Redis(redis.url)
    await rateLimiter.take({ name: 'test', points: 5, seconds: 60 }, 'someone')
    await lease.hold('member:3', async () => {
      const keys = await client.keys('*')
      assert.ok(keys.length >= 2)
      for (const key of keys) assert.ok((await client.pttl(key)) > 0, key)
    })
    client.disconnect()
  })
})

describe('an operator wants nobody to ask too often, however many instances there are', () => {
  const limit = { name: 'messages', points: 3, seconds: 30 }

  it('counts over all of them', async () => {
    const [one, other] = [await instance(), await instance()]
    assert.equal(await one.rateLimiter.take(limit, 'a'), 0)
    assert.equal(await other.rateLimiter.take(limit, 'a'), 0)
    assert.equal(await one.rateLimiter.take(limit, 'a'), 0)
    const wait = await other.rateLimiter.take(limit, 'a')
    assert.ok(wait > 0 && wait <= 30_000, String(wait))
    assert.equal(await other.rateLimiter.take(limit, 'b'), 0)
  })

  it('goes on counting by itself while Redis is away', async () => {
    const { rateLimiter } = await instance()
    await redis.stop()
    const waits: number[] = []
    for (let use = 0; use < 4; use++) waits.push(await rateLimiter.take(limit, 'c'))
    assert.deepEqual(
      waits.map(wait => wait > 0),
      [false, false, false, true],
    )
    await redis.start()
  })
})
