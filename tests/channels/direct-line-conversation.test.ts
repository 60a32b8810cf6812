import assert from 'node:assert/strict'
import { request } from 'node:http'
import { after, before, describe, it } from 'node:test'
import { connectClient, until } from './support/direct-line-client.ts'
import type { Client } from './support/direct-line-client.ts'
import { startDirectLine } from './support/direct-line-server.ts'
import type { TestServer } from './support/direct-line-server.ts'
import { upgradeStatus } from './support/raw-socket.ts'
import { ask, openConversation, transcriptOf } from './support/requests.ts'

describe("a member talks through Microsoft's own client", () => {
  let server: TestServer
  const clients: Client[] = []

  before(async () => {
    server = await startDirectLine()
  })

  after(async () => {
    clients.forEach(client => client.close())
    await server.close()
  })

  async function open(memberId: string, webSocket = true, isPage = true) {
    const { token, conversationId } = await server.tokenFor(memberId)
    const client = connectClient({
      ...server,
      origin: isPage ? server.origin : undefined,
      token,
      webSocket,
      ...(conversationId && { conversationId }),
    })
    clients.push(client)
    await until(() => client.received.length > 0, 'the greeting')
    return client
  }

  const texts = (client: Client) => client.shown().map(({ text }) => text)

  for (const webSocket of [true, false]) {
    const way = webSocket ? 'over a WebSocket' : 'by polling'

    it(`is greeted and answered ${way}, their own message first and as they sent it`, async () => {
      const client = await open((await server.newMember()).id, webSocket)
      const channelData = { clientActivityID: 'mine-1' }
      const id = await client.post({ type: 'message', text: 'bonjour', channelData })
      await until(() => client.received.length === 3, 'the answer')
      assert.deepEqual(texts(client), ['echo: conversationUpdate', 'bonjour', 'echo: bonjour'])
      const echo = client.received[1]
      assert.equal(echo?.id, id)
      assert.equal(echo?.channelData.clientActivityID, 'mine-1')
      assert.deepEqual(
        client.received.map(({ role }) => role),
        ['bot', 'user', 'bot'],
      )
    })

    it(`sees an edited message change in its place ${way}`, async () => {
      const client = await open((await server.newMember()).id, webSocket)
      await client.post({ type: 'message', text: 'un' })
      await until(() => client.received.length === 3, 'the first answer')
      await client.post({ type: 'message', text: 'strike' })
      await until(() => client.received.length === 6, 'the edit and the second answer')
      assert.deepEqual(texts(client), ['echo: conversationUpdate', 'un', 'struck', 'strike', 'echo: strike'])
    })

    it(`finds the whole conversation again in a new page ${way}, and is not greeted twice`, async () => {
      const member = await server.newMember()
      const first = await open(member.id, webSocket)
      await first.post({ type: 'message', text: 'bonjour' })
      await until(() => first.received.length === 3, 'the answer')
      const second = await open(member.id, webSocket)
      await until(() => second.received.length === 3, 'the replay')
      assert.deepEqual(
        second.received.map(({ all }) => all),
        first.received.map(({ all }) => all),
      )
    })
  }

  it('has times that only grow, down the conversation', async () => {
    const client = await open((await server.newMember()).id)
    await Promise.all(Array.from({ length: 8 }, (_, index) => client.post({ type: 'message', text: `${index}` })))
    await until(() => client.received.length === 17, 'all answers')
    const times = client.shown().map(({ timestamp }) => Date.parse(timestamp))
    assert.ok(times.every((time, index) => index === 0 || time > (times[index - 1] ?? 0)))
  })

  it('is answered in a program that is no page and names no origin', async () => {
    const client = await open((await server.newMember()).id, true, false)
    await client.post({ type: 'message', text: 'bonjour' })
    await until(() => texts(client).includes('echo: bonjour'), 'the answer')
    assert.deepEqual(client.closes, [])
  })

  it('is streamed to by the name of this machine that they came by, and by no other name that they give', async () => {
    const { token } = await server.tokenFor((await server.newMember()).id)
    const { port } = new URL(server.origin)
    const byName = await openConversation(server.domain.replace('127.0.0.1', 'localhost'), token)
    assert.ok(byName.streamUrl.startsWith(`ws://localhost:${port}/`), byName.streamUrl)
    assert.equal(await upgradeStatus(byName.streamUrl, {}), 101)
    const headers = { host: `evil.example:${port}`, authorization: `Bearer ${token}` }
    const forged = await new Promise<string>((resolve, reject) =>
      request({ ...httpTo(server.domain, '/conversations'), method: 'POST', headers }, answer =>
        answer.setEncoding('utf8').on('data', resolve),
      )
        .on('error', reject)
        .end(),
    )
    assert.match(forged, new RegExp(`"ws://127.0.0.1:${port}/`))
  })

  it('who sends the same message again gets the first id, and it is stored once', async () => {
    const client = await open((await server.newMember()).id)
    const activity = { type: 'message', text: 'une fois', channelData: { clientActivityID: 'same' } }
    const ids = await Promise.all(Array.from({ length: 10 }, () => client.post(activity)))
    assert.equal(new Set(ids).size, 1)
    await server.turns.settled()
    await client.post({ type: 'message', text: 'fin' })
    await until(() => texts(client).includes('echo: fin'), 'the last answer')
    assert.deepEqual(texts(client).slice(1), ['une fois', 'echo: une fois', 'fin', 'echo: fin'])
  })

  it('has one conversation, however many pages they open at once', async () => {
    const { id } = await server.newMember()
    const { token } = await server.tokenFor(id)
    const opened = await Promise.all(Array.from({ length: 6 }, () => openConversation(server.domain, token)))
    assert.equal(new Set(opened.map(({ conversationId }) => conversationId)).size, 1)
  })

  it('who comes back after a day is asked once whether to go on', async () => {
    const { id } = await server.newMember()
    const { token } = await server.tokenFor(id)
    const opened = await openConversation(server.domain, token)
    server.clock.ahead = 25 * 60 * 60 * 1000
    const back = await server.tokenFor(id)
    const path = `/conversations/${opened.conversationId}`
    await Promise.all([1, 2, 3].map(() => ask(server.domain, `GET ${path}`, { token: back.token })))
    await server.turns.settled()
    server.clock.ahead = 0
    const shown = await transcriptOf(server.domain, opened)
    assert.deepEqual(
      shown.map(({ text }) => text),
      ['echo: conversationUpdate', 'echo: moussaada/returned'],
    )
  })

  it('gets a new conversation when the old one was closed, and the old one is gone', async () => {
    const { id } = await server.newMember()
    const { token } = await server.tokenFor(id)
    const old = await openConversation(server.domain, token)
    await server.database.query('update conversation set closed_at = now() where id = $1', [old.conversationId])
    const fresh = await openConversation(server.domain, old.token)
    assert.notEqual(fresh.conversationId, old.conversationId)
    const resumed = await ask(server.domain, `GET /conversations/${old.conversationId}`, { token })
    const body = { type: 'message', text: 'trop tard' }
    const path = `/conversations/${old.conversationId}/activities`
    const posted = await ask(server.domain, `POST ${path}`, { token: old.token, body })
    assert.deepEqual([resumed.status, posted.status], [404, 404])
  })
})

const httpTo = (domain: string, path: string) => {
  const { hostname, port, pathname } = new URL(domain + path)
  return { hostname, port, path: pathname }
}
