import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

export interface Answer {
  readonly status: number
  readonly body: string
}

/** One keep-alive connection to a server on this machine. */
export interface HttpConnection {
  /** One request at a time. */
  ask(line: string, headers: Readonly<Record<string, string>>, body: Buffer | string): Promise<Answer>
  close(): void
}

const HEAD_END = Buffer.from('\r\n\r\n')

/** Bytes in one slice of a line that is not as fast as the loopback. */
const SLICE = 64 * 1024

async function writePaced(socket: Socket, bytes: Buffer, bytesPerMs: number): Promise<void> {
  const begun = performance.now()
  for (let sent = 0; sent < bytes.length && !socket.destroyed; sent += SLICE) {
    socket.write(bytes.subarray(sent, sent + SLICE))
    await delay(Math.max(0, begun + (sent + SLICE) / bytesPerMs - performance.now()))
  }
}

/**
 * As little of HTTP/1.1 as the servers here speak, since a whole client costs more than some of them.
 * @param bytesPerMs of a line that is not as fast as the loopback
 */
export async function openConnection(port: number, bytesPerMs?: number): Promise<HttpConnection> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await once(socket, 'connect')
  let received: Buffer = Buffer.alloc(0)
  let waiting: PromiseWithResolvers<Answer> | undefined

  const fail = (error: Error) => {
    waiting?.reject(error)
    waiting = undefined
  }
  socket.on('error', fail)
  socket.on('close', () => fail(new Error('the server closed the connection')))
  socket.on('data', chunk => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
    const parsed = readAnswer(received)
    if (!parsed) return
    received = received.subarray(parsed.length)
    waiting?.resolve(parsed.answer)
    waiting = undefined
  })

  return {
    ask(line, headers, body) {
      if (waiting) return Promise.reject(new Error('one request at a time'))
      waiting = Promise.withResolvers<Answer>()
      const bytes = typeof body === 'string' ? Buffer.from(body) : body
      const named = { host: `localhost:${port}`, 'content-length': String(bytes.length), ...headers }
      const head = Object.entries(named).map(([name, value]) => `${name}: ${value}`)
      const request = Buffer.concat([Buffer.from(`${line} HTTP/1.1\r\n${head.join('\r\n')}\r\n\r\n`), bytes])
      if (bytesPerMs === undefined) socket.write(request)
      else void writePaced(socket, request, bytesPerMs)
      return waiting.promise
    },
    close: () => socket.destroy(),
  }
}

function readAnswer(bytes: Buffer): { answer: Answer; length: number } | undefined {
  const headEnd = bytes.indexOf(HEAD_END)
  if (headEnd === -1) return undefined
  const head = bytes.toString('latin1', 0, headEnd)
  const [, size] = /\r\ncontent-length: *(\d+)/i.exec(head) ?? []
  if (size === undefined) throw new Error(`an answer without a length: ${head}`)
  const length = headEnd + HEAD_END.length + Number(size)
  if (bytes.length < length) return undefined
  return { answer: { status: Number(head.slice(9, 12)), body: bytes.toString('utf8', headEnd + 4, length) }, length }
}
