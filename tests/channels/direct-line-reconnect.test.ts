import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { connectClient, until } from './support/direct-line-client.ts'
import type { Client } from './support/direct-line-client.ts'
import { startDirectLine } from './support/direct-line-server.ts'
import type { TestServer } from './support/direct-line-server.ts'

const MEMBERS = 20
const DROPS = 5
const MESSAGES = 12

/** Seeded, so that a failure can be run again. */
function randomness(seed: number): () => number {
  let state = seed
  return () => (state = (state * 16807) % 2147483647) / 2147483647
}

const pause = (milliseconds: number) => new Promise(resolve => setTimeout(resolve, milliseconds))

describe(`a member whose line drops, at ${MEMBERS * DROPS} random points in all`, () => {
  let server: TestServer
  const clients: Client[] = []

  before(async () => {
    server = await startDirectLine()
  })

  after(async () => {
    clients.forEach(client => client.close())
    await server.close()
  })

  async function talk(client: Client, random: () => number): Promise<void> {
    for (let count = 0; count < MESSAGES; count++) {
      const text = random() < 0.2 ? 'strike' : `message ${count}`
      await client.post({ type: 'message', text, channelData: { clientActivityID: `c${count}` } })
      await pause(random() * 1500)
    }
  }

  /** Breaks the newest socket without a word, as a network does, whenever there is one. */
  async function dropLines(client: Client, random: () => number): Promise<void> {
    for (let count = 0; count < DROPS; count++) {
      await pause(random() * 1000)
      await until(() => client.sockets.at(-1)?.readyState === 1, 'the line is up', 90_000)
      client.sockets.at(-1)?.terminate()
    }
  }

  async function member(seed: number): Promise<{ seed: number; client: Client; conversationId: string }> {
    const { token } = await server.tokenFor((await server.newMember()).id)
    const client = connectClient({ ...server, token })
    clients.push(client)
    await until(() => client.received.length > 0, 'the greeting', 90_000)
    await Promise.all([talk(client, randomness(seed)), dropLines(client, randomness(seed + 1000))])
    const [id = ''] = (client.received[0]?.id ?? '').split('|')
    return { seed, client, conversationId: id }
  }

  it('misses nothing, sees nothing twice, and every edit in its place', async () => {
    const members = await Promise.all(Array.from({ length: MEMBERS }, (_, index) => member(index + 1)))
    await server.turns.settled()
    for (const { seed, client, conversationId } of members) {
      const truth = (await server.conversations.latest(conversationId, 1000)).slice(1)
      const expected = truth.map(({ body }) => body.text)
      const shown = () => client.shown().map(({ text }) => text)
      await until(() => JSON.stringify(shown()) === JSON.stringify(expected), `seed ${seed} to be complete`, 90_000)
      const versions = client.received.map(({ id, text }) => `${id} ${text}`)
      assert.equal(new Set(versions).size, versions.length, `seed ${seed} saw something twice`)
      assert.ok(client.sockets.length >= DROPS)
    }
  })
})
