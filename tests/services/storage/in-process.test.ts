import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createInProcessEventBus } from '../../../services/storage/embedded/event-bus.ts'
import { createInProcessLease } from '../../../services/storage/embedded/lease.ts'
import { createInProcessRateLimiter } from '../../../services/storage/embedded/rate-limiter.ts'
import { withFreshDatabase } from '../../support/fresh-database.ts'

describe('a browser wants to hear that there is something new', () => {
  it('hears of its own topic until it leaves', async () => {
    const bus = createInProcessEventBus()
    const heard: string[] = []
    const leave = bus.subscribe('conversation:a', () => heard.push('a'))
    bus.subscribe('conversation:b', () => heard.push('b'))
    await bus.publish('conversation:a')
    await bus.publish('conversation:c')
    leave()
    leave()
    await bus.publish('conversation:a')
    assert.deepEqual(heard, ['a'])
  })

  it('hears although another listener breaks or leaves at that moment', async () => {
    const bus = createInProcessEventBus()
    const heard: string[] = []
    bus.subscribe('t', () => {
      throw new Error('broken')
    })
    const leave = bus.subscribe('t', () => leave())
    bus.subscribe('t', () => heard.push('t'))
    await assert.rejects(bus.publish('t'), /broken/)
    assert.deepEqual(heard, ['t'])
  })

  it('may read the database at once, although the publisher is inside a transaction', async () => {
    await withFreshDatabase(async database => {
      const bus = createInProcessEventBus()
      let reading: Promise<unknown> | undefined
      bus.subscribe('t', () => void (reading = database.query('SELECT 1')))
      await database.transaction(() => bus.publish('t'))
      await reading
    })
  })
})

describe('a member wants two messages worked on one after the other', () => {
  it('gives the lease in the order of asking, and frees it when the work fails', async () => {
    const lease = createInProcessLease()
    const done: number[] = []
    let running = 0
    const works = [30, 1, 10].map((ms, index) =>
      lease.hold('m', async () => {
        assert.equal(running++, 0)
        await sleep(ms)
        running--
        done.push(index)
        if (index === 1) throw new Error('no')
        return index
      }),
    )
    assert.deepEqual(
      (await Promise.allSettled(works)).map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    )
    assert.deepEqual(done, [0, 1, 2])
  })

  it('lets other members pass', async () => {
    const lease = createInProcessLease()
    await lease.hold('a', () => lease.hold('b', async () => undefined))
  })

  it('gives up when it cannot be had, and leaves no gap in the queue', async () => {
    const lease = createInProcessLease({ limit: 50 })
    const first = lease.hold('m', () => sleep(120))
    await assert.rejects(
      lease.hold('m', async () => undefined),
      { code: 'lease.timeout' },
    )
    const third = lease.hold('m', async () => 3)
    await assert.rejects(third, { code: 'lease.timeout' })
    await first
    assert.equal(await lease.hold('m', async () => 4), 4)
  })
})

describe('an operator wants nobody to ask too often', () => {
  const limit = { name: 'message', points: 3, seconds: 60 }
  const start = (keys?: number) => {
    const clock = { ms: 0 }
    return { clock, limiter: createInProcessRateLimiter({ now: () => new Date(clock.ms), ...(keys && { keys }) }) }
  }

  it('allows so many in any span, and tells how long to wait', async () => {
    const { clock, limiter } = start()
    const waits: number[] = []
    for (const at of [0, 10_000, 20_000, 30_000, 59_999, 60_000, 61_000, 70_000]) {
      clock.ms = at
      waits.push(await limiter.take(limit, 'm1'))
    }
    assert.deepEqual(waits, [0, 0, 0, 30_000, 1, 0, 9_000, 0])
  })

  it('keeps keys and limits apart', async () => {
    const { limiter } = start()
    for (let use = 0; use < 3; use++) await limiter.take(limit, 'm1')
    assert.ok((await limiter.take(limit, 'm1')) > 0)
    assert.equal(await limiter.take(limit, 'm2'), 0)
    assert.equal(await limiter.take({ ...limit, name: 'upload' }, 'm1'), 0)
  })

  it('remembers a bounded number of keys, those used last', async () => {
    const { limiter } = start(100)
    const strict = { ...limit, points: 1 }
    for (let key = 0; key < 1000; key++) await limiter.take(strict, String(key))
    assert.equal(await limiter.take(strict, '1'), 0)
    assert.ok((await limiter.take(strict, '999')) > 0)
  })
})
