import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { until } from './support/direct-line-client.ts'
import { startDirectLine } from './support/direct-line-server.ts'
import type { TestServer } from './support/direct-line-server.ts'
import { openSocket, upgradeStatus } from './support/raw-socket.ts'
import type { RawSocket } from './support/raw-socket.ts'
import { ask, openConversation } from './support/requests.ts'
import type { Opened } from './support/requests.ts'

describe('a page streams a conversation', () => {
  let server: TestServer
  let fromHere: { origin: string }
  const sockets: RawSocket[] = []

  before(async () => {
    server = await startDirectLine()
    fromHere = { origin: server.origin }
  })

  after(async () => {
    sockets.forEach(({ socket }) => socket.terminate())
    await server.close()
  })

  async function greeted(): Promise<Opened & { memberId: string }> {
    const { id: memberId } = await server.newMember()
    const opened = await openConversation(server.domain, (await server.tokenFor(memberId)).token)
    await server.turns.settled()
    return { ...opened, memberId }
  }

  async function stream(url: string): Promise<RawSocket> {
    const socket = await openSocket(url, fromHere)
    sockets.push(socket)
    return socket
  }

  /** A ticket opens one stream: whoever wants another asks for another. */
  async function address({ conversationId, token }: Opened): Promise<string> {
    return String((await ask(server.domain, `GET /conversations/${conversationId}`, { token })).json.streamUrl)
  }

  const say = ({ conversationId, token }: Opened, text: string) =>
    ask(server.domain, `POST /conversations/${conversationId}/activities`, {
      token,
      body: { type: 'message', text },
    })

  it('never from a foreign origin', async () => {
    const { streamUrl } = await greeted()
    const foreign = [
      'null',
      'https://evil.example',
      `${server.origin}.evil.example`,
      `${server.origin}@evil.example`,
      `${server.origin}0`,
      server.origin.replace('http', 'https'),
      server.origin.replace('127.0.0.1', 'localhost'),
      server.origin.toUpperCase(),
      `${server.origin}/`,
    ]
    for (const origin of foreign) {
      assert.equal(await upgradeStatus(streamUrl, { origin }), 401, origin)
    }
    assert.equal(await upgradeStatus(streamUrl, fromHere), 101)
  })

  it('to a client that is no page and names no origin, with a ticket and not without', async () => {
    const { streamUrl } = await greeted()
    assert.equal(await upgradeStatus(streamUrl.replace(/t=.*/, 't=x'), {}), 401)
    assert.equal(await upgradeStatus(streamUrl, {}), 101)
  })

  it('with a ticket that opens one stream within a minute, and none later', async () => {
    const opened = await greeted()
    assert.equal(await upgradeStatus(opened.streamUrl, fromHere), 101)
    assert.equal(await upgradeStatus(opened.streamUrl, fromHere), 401, 'used')
    const url = await address(opened)
    server.clock.ahead = 61_000
    const late = await upgradeStatus(url, fromHere)
    server.clock.ahead = 0
    assert.equal(late, 401)
    const both = await address(opened)
    const statuses = await Promise.all([upgradeStatus(both, fromHere), upgradeStatus(both, fromHere)])
    assert.deepEqual(statuses.toSorted(), [101, 401], 'used twice at once')
    assert.equal(await upgradeStatus(url.replace(/t=.*/, ''), fromHere), 401)
    assert.equal(await upgradeStatus(`${server.origin.replace('http', 'ws')}/v3/directline/x`, fromHere), 404)
  })

  it('from the watermark that it names, and from the beginning of the last page without', async () => {
    const opened = await greeted()
    await say(opened, 'un')
    await server.turns.settled()
    const whole = await stream(opened.streamUrl)
    await until(() => whole.texts().length === 3, 'the backlog')
    assert.equal(whole.frames.length, 1)
    const rest = await stream((await address(opened)).replace('watermark=', 'watermark=3'))
    await until(() => rest.texts().length === 1, 'the rest')
    assert.deepEqual(rest.texts(), ['echo: un'])
    for (const lost of ['99999', '-1', '1.5', 'abc', '9'.repeat(40), '%00']) {
      const again = await stream((await address(opened)).replace('watermark=', `watermark=${lost}`))
      await until(() => again.texts().length === 3, `the whole for ${lost}`)
    }
  })

  it('at once to all its pages, each change once', async () => {
    const opened = await greeted()
    const pages = await Promise.all([1, 2, 3].map(async () => stream(await address(opened))))
    for (const text of ['un', 'deux', 'trois']) await say(opened, text)
    await server.turns.settled()
    await until(() => pages.every(page => page.texts().length >= 7), 'all three pages')
    for (const page of pages) {
      const ids = page.frames.flatMap(({ activities }) => activities.map(({ id }) => id))
      assert.equal(new Set(ids).size, ids.length)
      assert.equal(ids.length, 7)
    }
  })

  it('to ten sockets of one member, the newest ones', async () => {
    const opened = await greeted()
    const many: RawSocket[] = []
    for (let count = 0; count < 12; count++) many.push(await stream(await address(opened)))
    assert.equal(await many[0]?.closed, 1013)
    assert.equal(await many[1]?.closed, 1013)
    await say(opened, 'encore')
    await until(() => many.slice(2).every(page => page.texts().includes('echo: encore')), 'the ten others')
  })

  it('and may send empty frames to see that the line holds', async () => {
    const opened = await greeted()
    const page = await stream(opened.streamUrl)
    for (let count = 0; count < 5; count++) page.socket.send('')
    page.socket.send('{"type":"message","text":"not here"}')
    await say(opened, 'toujours là')
    await until(() => page.texts().includes('echo: toujours là'), 'the answer')
    assert.equal(page.texts().includes('not here'), false)
  })

  it('but is cut off for a frame over 64 KB, and for a flood of small ones', async () => {
    const opened = await greeted()
    const [large, flood] = [await stream(await address(opened)), await stream(await address(opened))]
    large.socket.send('x'.repeat(64 * 1024 + 1))
    for (let count = 0; count < 100; count++) flood.socket.send('')
    assert.deepEqual([await large.closed, await flood.closed], [1009, 1008])
  })

  it('without compression, which would keep memory for each', async () => {
    const { streamUrl } = await greeted()
    const page = await stream(streamUrl)
    assert.equal(page.socket.extensions, '')
  })
})

describe('the service stops', () => {
  it('and tells every page to come back', async () => {
    const server = await startDirectLine()
    const { token } = await server.tokenFor((await server.newMember()).id)
    const { conversationId, streamUrl } = await openConversation(server.domain, token)
    const again = await ask(server.domain, `GET /conversations/${conversationId}`, { token })
    const addresses = [streamUrl, String(again.json.streamUrl)]
    const pages = await Promise.all(addresses.map(url => openSocket(url, { origin: server.origin })))
    await server.close()
    assert.deepEqual(await Promise.all(pages.map(({ closed }) => closed)), [1012, 1012])
  })
})
