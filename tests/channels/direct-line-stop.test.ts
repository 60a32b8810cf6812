import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createConversationStore } from '../../services/conversations/conversation-store.ts'
import { startDirectLine } from './support/direct-line-server.ts'
import { upgradeStatus } from './support/raw-socket.ts'
import { openConversation } from './support/requests.ts'

describe('a page that connects just as the service stops', { timeout: 60_000 }, () => {
  it('is told to come again, and does not keep the service from ending', async () => {
    const [asked, letGo] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    let isHeld = false
    const server = await startDirectLine({}, database => {
      const conversations = createConversationStore({ database, now: () => new Date() })
      const find: typeof conversations.find = async id => {
        const found = await conversations.find(id)
        asked.resolve()
        if (isHeld) await letGo.promise
        return found
      }
      return { conversations: { ...conversations, find } }
    })
    const { id } = await server.newMember()
    const { streamUrl } = await openConversation(server.domain, (await server.tokenFor(id)).token)
    isHeld = true
    const status = upgradeStatus(streamUrl, { origin: server.origin })
    await asked.promise
    await server.close()
    letGo.resolve()
    assert.equal(await status, 503)
  })
})
