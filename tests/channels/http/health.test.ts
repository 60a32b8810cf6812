import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { describe, it } from 'node:test'
import { openPortal, sendRaw } from '../../support/portal.ts'

describe('an operator who watches the server', () => {
  it('sees that it lives, is ready, and is no longer once told to stop', async () => {
    const portal = await openPortal()
    try {
      for (const path of ['/health/live', '/health/ready']) assert.equal((await portal.get(path)).status, 200)
      portal.server.drain()
      assert.equal((await portal.get('/health/live')).status, 200)
      const ready = await portal.get('/health/ready')
      assert.deepEqual([ready.status, await ready.json()], [503, { error: { code: 'notReady' } }])
    } finally {
      await portal.close()
    }
  })

  it('sees that it is not ready when the database is away', async () => {
    const portal = await openPortal()
    await portal.database.close()
    assert.equal((await portal.get('/health/ready')).status, 503)
    await portal.server.close(0)
  })
})

describe('an operator who stops the server', () => {
  it('leaves a request in hand its answer, then closes: no new ones, no idle connections', async () => {
    const portal = await openPortal()
    let finish = () => undefined as void
    portal.server.restify.get('/slow', async (_req, res) => {
      await new Promise<void>(resolve => (finish = resolve))
      res.end('done')
    })
    const idle = connect(portal.port, '127.0.0.1')
    const idleClosed = new Promise<void>(resolve => idle.resume().once('close', () => resolve()))
    idle.write('GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n')
    const slow = portal.get('/slow')
    await new Promise(resolve => setTimeout(resolve, 100))
    const closing = portal.server.close()
    await idleClosed
    await assert.rejects(portal.get('/health/live'))
    finish()
    assert.equal(await (await slow).text(), 'done')
    await closing
    await portal.database.close()
  })

  it('does not wait for ever for a client that takes nothing', async () => {
    const portal = await openPortal()
    portal.server.restify.get('/never', async () => await new Promise<void>(() => undefined))
    const never = sendRaw(portal.port, 'GET /never HTTP/1.1\r\nHost: x\r\n\r\n')
    await new Promise(resolve => setTimeout(resolve, 100))
    const started = performance.now()
    await portal.server.close(300)
    assert.ok(performance.now() - started < 2_000)
    assert.equal((await never).closed, true)
    await portal.close()
  })
})
