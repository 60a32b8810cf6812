import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { transcriptTopic } from '../../services/conversations/conversation.ts'
import { TranscriptTail } from '../../services/conversations/transcript-tail.ts'
import { until } from './support/direct-line-client.ts'
import { startDirectLine } from './support/direct-line-server.ts'
import type { TestServer } from './support/direct-line-server.ts'
import { openSocket } from './support/raw-socket.ts'
import { openConversation } from './support/requests.ts'

describe('a member who has read all that was said', () => {
  let server: TestServer

  before(async () => {
    server = await startDirectLine()
  })

  after(() => server.close())

  async function pageUpToDate() {
    const { token } = await server.tokenFor((await server.newMember()).id)
    const { streamUrl, conversationId } = await openConversation(server.domain, token)
    await server.turns.settled()
    const page = await openSocket(streamUrl, { origin: server.origin })
    await until(() => page.texts().length === 1, 'the greeting')
    const lastSeq = (await server.conversations.find(conversationId))?.lastSeq ?? 0
    const [last] = await server.conversations.latest(conversationId, 1)
    assert.ok(last)
    /** Tells of something that the database knows nothing of, so that what is shown says where it comes from. */
    const tell = (after: number, text: string) => {
      const seq = after + 1
      const activity = { ...last, position: seq, seq, body: { type: 'message', text } } as const
      return server.eventBus.publish(transcriptTopic(conversationId), new TranscriptTail(after, [activity]))
    }
    return { page, lastSeq, tell, conversationId }
  }

  it('is shown what comes next as soon as it is told of, without a read', async () => {
    const { page, lastSeq, tell } = await pageUpToDate()
    await tell(lastSeq, 'told')
    await until(() => page.texts().length === 2, 'what was told')
    assert.equal(page.texts()[1], 'told')
    assert.equal(page.frames.at(-1)?.watermark, String(lastSeq + 1))
    page.socket.terminate()
  })

  it('and what lies further ahead only with all that lies before it', async () => {
    const { page, lastSeq, tell, conversationId } = await pageUpToDate()
    await server.conversations.takeIn(conversationId, { body: { type: 'message', text: 'before' } })
    await tell(lastSeq + 1, 'told')
    await until(() => page.texts().length === 2, 'what is stored')
    assert.equal(page.texts()[1], 'before')
    page.socket.terminate()
  })
})
