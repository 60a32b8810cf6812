import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { connect } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { Transform } from 'node:stream'
import type { Duplex } from 'node:stream'

/**
 * What it does with WebSockets, which a browser asks a proxy for by CONNECT. `refuse`: 405. `unanswered`: the tunnel is
 * granted and the handshake never answered. `silent`: the handshake goes through, and then nothing from the server.
 */
export type Sockets = 'open' | 'refuse' | 'unanswered' | 'silent'

export interface OfficeProxy {
  readonly url: string
  sockets: Sockets
  /** Lets nothing more through the tunnels that are there, and tells nobody. */
  hush(): void
  /** Tunnels asked for, and reads of activities over HTTP, so far. */
  readonly seen: { tunnels: number; reads: number }
  /** Requests whose path matches are taken and never answered. */
  unanswered: RegExp | undefined
  close(): Promise<void>
}

const refusal = 'HTTP/1.1 405 Method Not Allowed\r\ncontent-length: 0\r\n\r\n'

/** An office's HTTP proxy on the loopback: plain requests pass, for WebSockets it has rules. */
export async function startOfficeProxy(): Promise<OfficeProxy> {
  const open = new Set<Duplex>()
  let gates: Gate[] = []
  const server = createServer((incoming, outgoing) => {
    const path = new URL(incoming.url ?? '/').pathname
    if (incoming.method === 'GET' && path.endsWith('/activities')) proxy.seen.reads += 1
    if (!proxy.unanswered?.test(path)) pass(incoming, outgoing)
  })
  server.on('connection', socket => open.add(socket.on('close', () => open.delete(socket))))
  server.on('connect', (incoming, client: Socket, head: Buffer) => {
    proxy.seen.tunnels += 1
    client.on('error', () => client.destroy())
    if (proxy.sockets === 'refuse') return void client.end(refusal)
    client.write('HTTP/1.1 200 Connection established\r\n\r\n')
    if (proxy.sockets === 'unanswered') return void client.resume()
    gates.push(tunnel({ client, head, to: incoming.url ?? '', isSilent: proxy.sockets === 'silent' }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  const proxy: OfficeProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sockets: 'open',
    unanswered: undefined,
    seen: { tunnels: 0, reads: 0 },
    hush() {
      for (const gate of gates) gate.isShut = true
      gates = []
    },
    async close() {
      server.close()
      for (const socket of open) socket.destroy()
      await once(server, 'close')
    },
  }
  return proxy
}

function pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
  const onward = request(incoming.url ?? '', { method: incoming.method, headers: incoming.headers }, answer => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(outgoing)
  })
  onward.on('error', () => outgoing.destroy())
  outgoing.on('close', () => onward.destroy())
  incoming.pipe(onward)
}

interface Gate {
  isShut: boolean
}

interface Tunnelling {
  readonly client: Socket
  readonly head: Buffer
  readonly to: string
  readonly isSilent: boolean
}

function tunnel({ client, head, to, isSilent }: Tunnelling): Gate {
  const gate = { isShut: false }
  const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(to) ?? []
  const server = connect({ host, port: Number(port) }, () => {
    server.write(head)
    client.pipe(server)
    server.pipe(gated(gate, isSilent)).pipe(client)
  })
  for (const socket of [client, server]) socket.on('error', () => socket.destroy())
  client.on('close', () => server.destroy())
  server.on('close', () => client.destroy())
  return gate
}

/** Lets through what the gate lets, of a silent tunnel the handshake alone. */
function gated(gate: Gate, isSilent: boolean): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (gate.isShut) return done()
      if (!isSilent) return done(null, chunk)
      gate.isShut = true
      const end = chunk.indexOf('\r\n\r\n')
      done(null, end === -1 ? chunk : chunk.subarray(0, end + 4))
    },
  })
}
