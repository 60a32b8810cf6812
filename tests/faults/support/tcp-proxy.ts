import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

export interface TcpProxy {
  readonly port: number
  /** From now on copies nothing, in neither direction, and connects nobody, but takes every connection. */
  stall(): void
  /** Copies what was held back, and goes on. */
  resume(): void
  /** What is connected now is never served again, and never told so; who connects anew is. */
  strand(): void
  /** Ends every connection. */
  cut(): void
  close(): Promise<void>
}

type Pair = readonly [client: Socket, server: Socket]

/**
 * Copies bytes between whoever connects and the next of `targets`, ports of the loopback, that takes a connection: a
 * balancer without any memory. With one target it is a line that can be held.
 */
export async function startTcpProxy(targets: () => readonly number[]): Promise<TcpProxy> {
  const pairs = new Set<Pair>()
  const stranded: Pair[] = []
  const waiting = new Set<Socket>()
  let isStalled = false
  let isClosed = false
  let turn = 0

  function join(client: Socket, server: Socket): void {
    const pair: Pair = [client, server]
    pairs.add(pair)
    const end = (): void => {
      pairs.delete(pair)
      for (const socket of pair) socket.destroy()
    }
    for (const socket of pair) socket.on('error', end).on('close', end)
    if (!isStalled) copy(pair)
  }

  function accept(client: Socket): void {
    if (isStalled) return void waiting.add(client)
    const ports = targets()
    const first = turn++
    connectFirst(ports.map((_, index) => ports[(first + index) % ports.length] ?? 0)).then(
      server => {
        if (!isClosed && !client.destroyed) return join(client, server)
        client.destroy()
        server.destroy()
      },
      () => client.destroy(),
    )
  }

  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, client => {
    client.on('error', () => client.destroy()).on('close', () => waiting.delete(client))
    accept(client)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const cut = (): void => {
    for (const socket of [...waiting, ...[...pairs, ...stranded].flat()]) socket.destroy()
  }

  return {
    port: typeof address === 'object' && address ? address.port : 0,
    stall() {
      isStalled = true
      for (const pair of pairs) hold(pair)
    },
    resume() {
      isStalled = false
      for (const pair of pairs) copy(pair)
      for (const client of waiting) accept(client)
      waiting.clear()
    },
    strand() {
      for (const pair of pairs) hold(pair)
      stranded.push(...pairs)
      pairs.clear()
    },
    cut,
    async close() {
      isClosed = true
      server.close()
      cut()
      await once(server, 'close')
    },
  }
}

function copy([client, server]: Pair): void {
  client.pipe(server)
  server.pipe(client)
}

function hold([client, server]: Pair): void {
  client.unpipe(server).pause()
  server.unpipe(client).pause()
}

async function connectFirst(ports: readonly number[]): Promise<Socket> {
  for (const port of ports) {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
    const isConnected = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    if (isConnected) return socket
  }
  throw new Error('nobody takes connections')
}
