import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'

/** What a daemon does with a file: answers with a line, as ClamAV words it, once it is let go, or never. */
export type Behaviour = 'scans' | 'finds' | 'waits' | 'hangs' | 'refuses size' | 'breaks off' | 'talks nonsense'

export interface FakeClamd {
  readonly url: string
  behaviour: Behaviour
  /** The files that it was shown, whole. */
  readonly shown: readonly Buffer[]
  /** How many files wait for their answer. */
  waiting(): number
  /** Answers all of them, as it does now. */
  letGo(): void
  close(): Promise<void>
}

/** The test file of the antivirus makers, in two parts so that no scanner stops at this one. */
export const eicar = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('')

/** Speaks clamd's protocol on the loopback: one command a connection, `zINSTREAM\0`, then pieces with their length. */
export async function startFakeClamd(): Promise<FakeClamd> {
  const shown: Buffer[] = []
  const fake = { behaviour: 'scans' as Behaviour }
  const open = new Set<Socket>()
  const waiting: (() => void)[] = []
  const server = createServer(socket => {
    open.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => open.delete(socket))
    receive(socket, () => fake.behaviour).then(
      file => {
        if (!file) return
        shown.push(file)
        const answer = (): void => void socket.end(answerTo(file, fake.behaviour))
        if (fake.behaviour === 'waits') waiting.push(answer)
        else answer()
      },
      () => socket.destroy(),
    )
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    url: `tcp://127.0.0.1:${port}`,
    shown,
    get behaviour() {
      return fake.behaviour
    },
    set behaviour(next) {
      fake.behaviour = next
    },
    waiting: () => waiting.length,
    letGo() {
      for (const answer of waiting.splice(0)) answer()
    },
    async close() {
      for (const socket of open) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

function answerTo(file: Buffer, behaviour: Behaviour): string {
  if (behaviour === 'talks nonsense') return 'stream: OK, I suppose\0'
  if (file.includes('LIMITS-EXCEEDED')) return 'stream: Heuristics.Limits.Exceeded.MaxScanSize FOUND\0'
  return behaviour === 'finds' || file.includes(eicar) ? 'stream: Win.Test.EICAR_HDB-1 FOUND\0' : 'stream: OK\0'
}

/** @returns undefined when the daemon keeps the answer to itself */
async function receive(socket: Socket, behaviour: () => Behaviour): Promise<Buffer | undefined> {
  const command = 'zINSTREAM\0'
  let received = Buffer.alloc(0)
  const parts: Buffer[] = []
  for await (const piece of socket.iterator({ destroyOnReturn: false })) {
    received = Buffer.concat([received, piece])
    if (behaviour() === 'breaks off' && received.length > 100) {
      socket.resetAndDestroy()
      return undefined
    }
    if (behaviour() === 'refuses size' && received.length > 100) {
      socket.end('INSTREAM size limit exceeded. ERROR\0')
      return undefined
    }
    if (!parts.length && received.length < command.length) continue
    const rest = takeParts(received.subarray(parts.length ? 0 : command.length), parts)
    if (rest === 'end') return behaviour() === 'hangs' ? undefined : Buffer.concat(parts)
    received = parts.length ? rest : received
  }
  throw new Error('the stream ended without its end')
}

function takeParts(bytes: Buffer, parts: Buffer[]): Buffer<ArrayBuffer> | 'end' {
  let rest = bytes
  while (rest.length >= 4) {
    const length = rest.readUInt32BE()
    if (length === 0) return 'end'
    if (rest.length < 4 + length) break
    parts.push(Buffer.from(rest.subarray(4, 4 + length)))
    rest = rest.subarray(4 + length)
  }
  return Buffer.from(rest)
}
