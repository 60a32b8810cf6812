import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { createConversationStore } from '../../services/conversations/conversation-store.ts'
import type { Database } from '../../services/storage/database.ts'
import { until } from './support/direct-line-client.ts'
import { fillTranscript } from './support/fill-transcript.ts'
import { startDirectLine } from './support/direct-line-server.ts'
import type { TestServer } from './support/direct-line-server.ts'
import { openSocket } from './support/raw-socket.ts'
import { openConversation } from './support/requests.ts'
import type { Opened } from './support/requests.ts'

const KB = 1024
const PAGES = 30
/** Messages in a frame. */
const PAGE = 60

describe('a page that stops reading', () => {
  let server: TestServer
  let pagesRead = 0

  before(async () => {
    server = await startDirectLine({}, database => ({ conversations: counting(database) }))
  })

  after(() => server.close())

  function counting(database: Database) {
    const store = createConversationStore({ database, now: () => new Date() })
    const since: typeof store.since = (...from) => {
      pagesRead++
      return store.since(...from)
    }
    return { ...store, since }
  }

  /** Frames of a megabyte each: together far more than a line's buffers hold. */
  async function longConversation(): Promise<Opened> {
    const opened = await openConversation(server.domain, (await server.tokenFor((await server.newMember()).id)).token)
    const page = Array.from({ length: PAGE }, () => ({ type: 'message', text: 'x'.repeat(16 * KB) }) as const)
    for (let written = 0; written < PAGES; written++) await fillTranscript(server.database, opened.conversationId, page)
    return opened
  }

  /** Resolves when no page was read for two seconds. */
  async function standstill(): Promise<void> {
    for (let before = -1; before !== pagesRead;) {
      before = pagesRead
      await new Promise(resolve => setTimeout(resolve, 2000))
    }
  }

  it('does not make the service read on for it, and gets everything once it goes on', async () => {
    const { streamUrl } = await longConversation()
    const slow = await openSocket(streamUrl.replace('watermark=', 'watermark=0'), { origin: server.origin })
    slow.socket.pause()
    await standstill()
    assert.ok(pagesRead < PAGES, `${pagesRead} pages were read for nobody`)
    slow.socket.resume()
    await until(() => slow.texts().length >= PAGES * PAGE, 'the whole conversation', 60_000)
    slow.socket.terminate()
  })
})
