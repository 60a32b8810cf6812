import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { until } from './support/direct-line-client.ts'
import { startDirectLine } from './support/direct-line-server.ts'
import type { TestServer } from './support/direct-line-server.ts'
import { openSocket } from './support/raw-socket.ts'
import { openConversation } from './support/requests.ts'
import type { Opened } from './support/requests.ts'

const KB = 1024
const MB = 1024 * KB
const MESSAGES = 1600

describe('a page that stops reading', () => {
  let server: TestServer

  before(async () => {
    server = await startDirectLine()
  })

  after(() => server.close())

  /** A conversation of 25 MB, as the assistant's own long messages; a frame is a megabyte of it. */
  async function longConversation(): Promise<Opened> {
    const opened = await openConversation(server.domain, (await server.tokenFor((await server.newMember()).id)).token)
    const many = Array.from({ length: MESSAGES / 8 }, () => ({ type: 'message', text: 'x'.repeat(16 * KB) }) as const)
    for (let written = 0; written < MESSAGES; written += many.length)
      await server.database.transaction(tx => server.conversations.append(tx, opened.conversationId, many))
    return opened
  }

  it('does not make the service keep what it does not read, and reads all of it once it goes on', async () => {
    const { streamUrl } = await longConversation()
    const before = memory()
    const slow = await openSocket(streamUrl.replace('watermark=', 'watermark=0'), { origin: server.origin })
    slow.socket.pause()
    await new Promise(resolve => setTimeout(resolve, 1500))
    assert.ok(memory() - before < 10 * MB, `${Math.round((memory() - before) / MB)} MB more`)
    slow.socket.resume()
    await until(() => slow.texts().length >= MESSAGES, 'the whole conversation', 30_000)
    slow.socket.terminate()
  })
})

/** Bytes that buffers and strings take. */
function memory(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
