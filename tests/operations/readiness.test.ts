import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { openMember } from '../support/direct-line-member.ts'
import type { ServerProcess } from '../support/server-process.ts'
import { openTwoStores, type TwoStores } from './support/two-stores.ts'

interface Health {
  readonly status: number
  readonly body: unknown
}

describe('a load balancer that asks an instance whether it is ready', { timeout: 10 * 60_000 }, () => {
  let stores: TwoStores
  let server: ServerProcess

  before(async () => {
    stores = await openTwoStores()
    server = await stores.start()
  })
  after(async () => {
    await server?.kill()
    await stores?.close()
  })

  async function health(which: 'live' | 'ready'): Promise<Health> {
    const response = await fetch(`${server.url}/health/${which}`)
    return { status: response.status, body: await response.json() }
  }

  /** Asks until the answer is this one. */
  async function becomes(wanted: Health): Promise<void> {
    const end = Date.now() + 30_000
    for (let seen = await health('ready'); ; seen = await health('ready')) {
      if (JSON.stringify(seen) === JSON.stringify(wanted)) return
      if (Date.now() > end) assert.deepEqual(seen, wanted)
      await new Promise(resolve => setTimeout(resolve, 100))
    }
  }

  const ready = { status: 200, body: { status: 'ready' } }
  const degraded = { status: 200, body: { status: 'degraded' } }
  const away = { status: 503, body: { error: { code: 'notReady' } } }
  const live = { status: 200, body: { status: 'live' } }

  it('keeps it while Redis is away, since it serves members all the same', async () => {
    assert.deepEqual(await health('ready'), ready)
    await stores.redis.stop()
    await becomes(degraded)
    assert.deepEqual(await health('live'), live)
    const member = await openMember({ url: server.url, ppr: '1000002' })
    assert.equal(member.standing().step, null)
    member.close()
    await stores.redis.start()
    await becomes(ready)
  })

  it('takes it out while the database is away, and back by itself', async () => {
    await stores.postgres.stop('immediate')
    await becomes(away)
    assert.deepEqual(await health('live'), live)
    await stores.postgres.start()
    await becomes(ready)
  })

  it('takes it out as soon as it is told to stop', async () => {
    const stopping = server.stop()
    while (!server.output().includes('server.stopping')) await new Promise(resolve => setTimeout(resolve, 1))
    // It may have closed its door already.
    const seen = await health('ready').catch(() => away)
    assert.deepEqual(seen, away)
    assert.equal((await stopping).code, 0)
  })
})
