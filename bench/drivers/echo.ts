import { openConnection } from '../http-connection.ts'
import type { Identity } from '../identity.ts'
import { expectParts, type Peer, type Seat } from '../peer.ts'
import { spawnPeer } from './spawn-peer.ts'

async function openSeat(port: number, { name, rib }: Identity): Promise<Seat> {
  const connection = await openConnection(port)
  return {
    async say(step) {
      const body = JSON.stringify({ type: 'message', text: step, from: { id: rib, name } })
      const answer = await connection.ask('POST /', { 'content-type': 'application/json' }, body)
      expectParts(step, answer.body, [step, rib, name])
    },
    close: connection.close,
  }
}

export const echo: Peer = {
  name: 'node:http echo',
  prepare: async () => ({
    async start() {
      const { port, ...spawned } = await spawnPeer('bench/peers/echo-server.ts')
      return { ...spawned, openSeat: identity => openSeat(port, identity) }
    },
  }),
}
