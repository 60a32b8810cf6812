import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { createConversationStore } from '../../services/conversations/conversation-store.ts'
import { AppError } from '../../services/errors.ts'
import type { Database } from '../../services/storage/database.ts'
import { until } from './support/direct-line-client.ts'
import { startDirectLine } from './support/direct-line-server.ts'
import type { TestServer } from './support/direct-line-server.ts'
import { openSocket } from './support/raw-socket.ts'
import type { RawSocket } from './support/raw-socket.ts'
import { ask, openConversation } from './support/requests.ts'
import type { Opened } from './support/requests.ts'

const MEMBERS = 4
/** As many as a member may have. */
const PAGES = 10

describe('members whose pages are open while the database goes away', () => {
  let server: TestServer
  let isAway = false
  let tries = 0
  let broken: Error | undefined
  const pages: RawSocket[] = []

  before(async () => {
    server = await startDirectLine({}, database => ({ conversations: away(database) }))
  })

  after(async () => {
    pages.forEach(({ socket }) => socket.terminate())
    await server.close()
  })

  /** Where the streams read. */
  function away(database: Database) {
    const store = createConversationStore({ database, now: () => new Date() })
    const since: typeof store.since = async (...from) => {
      if (broken) throw broken
      if (isAway) {
        tries++
        throw new AppError('database.unreachable', 'away')
      }
      return store.since(...from)
    }
    return { ...store, since }
  }

  async function opened(): Promise<Opened> {
    const { id } = await server.newMember()
    const conversation = await openConversation(server.domain, (await server.tokenFor(id)).token)
    await server.turns.settled()
    return conversation
  }

  async function open({ conversationId, token }: Opened): Promise<RawSocket> {
    const { json } = await ask(server.domain, `GET /conversations/${conversationId}`, { token })
    const page = await openSocket(String(json.streamUrl), { origin: server.origin })
    pages.push(page)
    await until(() => page.texts().length > 0, 'the greeting')
    return page
  }

  const say = ({ conversationId, token }: Opened, text: string) =>
    ask(server.domain, `POST /conversations/${conversationId}/activities`, { token, body: { type: 'message', text } })

  const logged = (event: string) => server.logged.filter(line => line.includes(event)).length

  it('keep their lines and are shown what was said, without falling upon it as it comes back', async () => {
    const conversations = await Promise.all(Array.from({ length: MEMBERS }, opened))
    await Promise.all(conversations.flatMap(conversation => Array.from({ length: PAGES }, () => open(conversation))))
    isAway = true
    await Promise.all(conversations.map(conversation => say(conversation, 'said meanwhile')))
    await server.turns.settled()
    await until(() => tries >= MEMBERS * PAGES, 'every page has met it')
    const [before, begun] = [tries, performance.now()]
    await delay(2_000)
    // One looks whether it is back, ten times a second, for all of them.
    assert.ok(tries - before <= (performance.now() - begun) / 100 + 1, `${tries - before} tries`)
    assert.ok(tries > before, 'somebody looks')
    isAway = false
    const isComplete = () => pages.every(page => page.texts().includes('echo: said meanwhile'))
    await until(isComplete, 'every page to be complete', 10_000)
    assert.ok(pages.every(({ socket }) => socket.readyState === socket.OPEN))
    for (const page of pages) assert.equal(page.texts().filter(text => text === 'echo: said meanwhile').length, 1)
    assert.deepEqual([logged('directline.stream.waiting'), logged('directline.stream.failed')], [1, 0])
    await until(() => logged('directline.stream.resumed') === 1, 'the log says that it is over')
  })

  it('are let go when what is stored can never be read', async () => {
    const conversation = await opened()
    const page = await open(conversation)
    broken = new Error('never')
    await say(conversation, 'said')
    assert.equal(await page.closed, 1011)
    broken = undefined
  })
})
