import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { WebSocket } from 'ws'
import { openConnection } from '../http-connection.ts'
import type { Identity } from '../identity.ts'
import { expectParts, type Peer, type Seat } from '../peer.ts'
import type { ProductionStores } from './moussaada-production.ts'
import { spawnPeer } from './spawn-peer.ts'

async function openSeat(port: number, { name, rib }: Identity): Promise<Seat> {
  const chat = randomUUID()
  const connection = await openConnection(port)
  const socket = new WebSocket(`ws://127.0.0.1:${port}/${chat}`)
  await once(socket, 'message')
  return {
    async say(step) {
      const heard = once(socket, 'message')
      await connection.ask('POST /', {}, JSON.stringify({ chat, text: `${step} ${name} ${rib}` }))
      expectParts(step, String(await heard), [step, rib, name])
    },
    close() {
      connection.close()
      socket.terminate()
    },
  }
}

/** The least that keeps what the product promises: its floor. */
export const promise = ({ postgres, redis }: ProductionStores): Peer => ({
  name: 'the promise alone',
  async prepare() {
    const settings = { DATABASE_URL: await postgres.newDatabase(), REDIS_URL: redis.url }
    return {
      async start() {
        const { port, ...spawned } = await spawnPeer('bench/peers/promise-server.ts', settings)
        return { ...spawned, openSeat: identity => openSeat(port, identity) }
      },
    }
  },
})
