import assert from 'node:assert/strict'
import { after, before, describe, it, mock } from 'node:test'
import { until } from './support/direct-line-client.ts'
import { startDirectLine } from './support/direct-line-server.ts'
import type { TestServer } from './support/direct-line-server.ts'
import { openSocket } from './support/raw-socket.ts'
import { ask, openConversation } from './support/requests.ts'

describe('a stream outlives what happens to a network', () => {
  let server: TestServer

  before(async () => {
    server = await startDirectLine({ eventBus: deafBus })
  })

  after(() => server.close())

  const opened = async () =>
    openConversation(server.domain, (await server.tokenFor((await server.newMember()).id)).token)

  it('is read again every 15 s, in case a notice was lost', async () => {
    mock.timers.enable({ apis: ['setInterval'] })
    const { streamUrl, conversationId } = await opened()
    const page = await openSocket(streamUrl, { origin: server.origin })
    await server.turns.settled()
    mock.timers.tick(15_000)
    await until(() => page.texts().length === 1, 'the greeting')
    await server.conversations.takeIn(conversationId, { body: { type: 'message', text: 'en silence' } })
    await new Promise(resolve => setTimeout(resolve, 300))
    assert.equal(page.texts().length, 1)
    mock.timers.tick(15_000)
    await until(() => page.texts().length === 2, 'what nobody told of')
    page.socket.terminate()
    mock.timers.reset()
  })
})

describe('a page that is gone without a word', () => {
  it('is let go within a minute, while one that answers stays', async () => {
    mock.timers.enable({ apis: ['setInterval'] })
    const server = await startDirectLine()
    const { token } = await server.tokenFor((await server.newMember()).id)
    const { conversationId, streamUrl } = await openConversation(server.domain, token)
    const again = await ask(server.domain, `GET /conversations/${conversationId}`, { token })
    const dead = await openSocket(streamUrl, { origin: server.origin, autoPong: false })
    const alive = await openSocket(String(again.json.streamUrl), { origin: server.origin })
    const pinged = new Promise(resolve => alive.socket.once('ping', resolve))
    mock.timers.tick(30_000)
    await pinged
    await new Promise(resolve => setTimeout(resolve, 300))
    mock.timers.tick(30_000)
    assert.equal(await dead.closed, 1006)
    assert.equal(alive.socket.readyState, alive.socket.OPEN)
    mock.timers.reset()
    await server.close()
  })
})

/** An event bus that lost its line: nothing that is published arrives. */
const deafBus = { publish: async () => undefined, subscribe: () => () => undefined, close: async () => undefined }
