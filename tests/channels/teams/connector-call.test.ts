import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { createConnectorCalls } from '../../../bot/channels/teams/connector-call.ts'
import { loopbackCertificate } from '../../support/loopback-certificate.ts'

describe('a member wants no message twice, and none lost, however a connector answers', () => {
  const opened: Server[] = []
  afterEach(async () => {
    for (const server of opened.splice(0)) {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    }
  })

  async function listen(server: Server): Promise<string> {
    opened.push(server.listen(0, '127.0.0.1'))
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    return `127.0.0.1:${port}/v3/conversations`
  }
  const serve = async (listener: RequestListener) => `http://${await listen(createServer(listener))}`
  const callTo = (url: string, call = createConnectorCalls(500)) =>
    call({ url, method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"text":"é"}' })

  it('hands its answer on, whole, and follows it nowhere else', async () => {
    let came = ''
    const url = await serve((request, response) => {
      request.setEncoding('utf8').on('data', piece => (came += piece))
      request.on('end', () => response.writeHead(302, { location: '/elsewhere' }).end('{"id":"1é"}'))
    })
    const { status, headers, text } = await callTo(url)
    assert.deepEqual([status, headers['location'], text], [302, '/elsewhere', '{"id":"1é"}'])
    assert.equal(came, '{"text":"é"}')
  })

  it('sends again what never left: nobody listens, or it is not who it says', async () => {
    const closed = await serve(() => undefined)
    const [server] = opened.splice(0)
    await new Promise(resolve => server?.close(resolve))
    await assert.rejects(callTo(closed), { reached: 'not-reached' })

    let calls = 0
    const stranger = await listen(createSecureServer(loopbackCertificate, () => calls++))
    await assert.rejects(callTo(`https://${stranger}`), { reached: 'not-reached' })
    assert.equal(calls, 0)
  })

  it('does not send again what may have arrived', async () => {
    const breaking = await serve(request => request.socket.destroy())
    await assert.rejects(callTo(breaking), { reached: 'perhaps' })
    const silent = await serve(() => undefined)
    await assert.rejects(callTo(silent), { reached: 'perhaps' })
    const halfWay = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '10' }).write('{"id"')
      setTimeout(() => response.destroy(), 20)
    })
    await assert.rejects(callTo(halfWay), { reached: 'perhaps' })
    const endless = await serve((_, response) => response.end('x'.repeat(300 * 1024)))
    await assert.rejects(callTo(endless), { reached: 'perhaps' })
  })

  it('leaves nothing behind on a connection that serves many calls', async t => {
    const warned = t.mock.fn()
    process.on('warning', warned)
    const call = createConnectorCalls(500)
    const url = await serve((_, response) => response.end('{}'))
    for (let times = 0; times < 20; times++) await callTo(url, call)
    process.off('warning', warned)
    assert.deepEqual(
      warned.mock.calls.map(({ arguments: [warning] }) => String(warning)),
      [],
    )
  })

  it('goes by the same connection while there is much to say, and by none that has been idle for long', async () => {
    const url = await serve((_, response) => response.end('{}'))
    let connections = 0
    opened[0]?.on('connection', () => connections++)
    const call = createConnectorCalls(500)
    for (let times = 0; times < 3; times++) await callTo(url, call)
    assert.equal(connections, 1)
    await delay(4_300)
    await callTo(url, call)
    assert.equal(connections, 2)
  })
})
