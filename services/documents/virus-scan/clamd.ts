import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { AppError } from '../../errors.ts'
import type { Log } from '../../log.ts'
import type { ScanResult, VirusScan } from './virus-scan.ts'

export interface ClamdDeps {
  /** `tcp://host:port` */
  readonly url: string
  readonly log: Log
  readonly limits?: ClamdLimits
}

/** Milliseconds. `scan` is from the first byte to the answer. */
export interface ClamdLimits {
  readonly connect: number
  readonly scan: number
}

const DEFAULT_LIMITS: ClamdLimits = { connect: 3_000, scan: 30_000 }
const DEFAULT_PORT = 3310
/** Bytes: an answer is one short line. */
const ANSWER_LIMIT = 4 * 1024
const PIECE = 256 * 1024

/**
 * ClamAV's daemon, by its INSTREAM command: pieces with their length in front (four bytes, big endian), a length of zero
 * at the end, and one line as the answer. Nothing of a file is ever written where another process could read it.
 */
export function createClamd({ url, log, limits = DEFAULT_LIMITS }: ClamdDeps): VirusScan {
  const { hostname, port } = new URL(url)
  const address = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || DEFAULT_PORT) }

  async function ask(bytes: AsyncIterable<Uint8Array>): Promise<string> {
    const socket = connect(address)
    const answer = readAnswer(socket)
    // Whoever cuts the connection while a file is sent may have answered before: only the answer counts.
    socket.on('error', () => undefined)
    let timer = setTimeout(() => socket.destroy(new AppError('invariant', 'no connection in time')), limits.connect)
    try {
      await once(socket, 'connect')
      clearTimeout(timer)
      timer = setTimeout(() => socket.destroy(), limits.scan)
      await send(socket, bytes)
      return await answer
    } finally {
      clearTimeout(timer)
      socket.destroy()
    }
  }

  return {
    async scan(bytes) {
      const begun = performance.now()
      const source = watch(bytes)
      const answer = await ask(source.bytes).catch((error: unknown) => {
        if (source.isBroken) throw error
        return ''
      })
      const result = resultOf(answer)
      const milliseconds = Math.round(performance.now() - begun)
      if (result === 'clean') log.info('document.scanned', { result, milliseconds })
      else log.warn('document.scanned', { result, milliseconds, answer: answer.slice(0, 100) })
      return result
    },
  }
}

/** Tells whether what broke is the store that the file comes from, and not the antivirus. */
function watch(bytes: AsyncIterable<Uint8Array>) {
  const source = { isBroken: false, bytes: pass() }
  async function* pass(): AsyncGenerator<Uint8Array> {
    try {
      yield* bytes
    } catch (error) {
      source.isBroken = true
      throw error
    }
  }
  return source
}

async function send(socket: Socket, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  await write(socket, Buffer.from('zINSTREAM\0', 'latin1'))
  for await (const piece of bytes) {
    for (let start = 0; start < piece.length; start += PIECE) {
      if (socket.destroyed) return
      const part = piece.subarray(start, start + PIECE)
      await write(socket, Buffer.concat([lengthOf(part), part]))
    }
  }
  await write(socket, lengthOf(new Uint8Array()))
}

function lengthOf(piece: Uint8Array): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(piece.length)
  return length
}

/** At the pace of the other side. A connection that is gone is told by the answer that does not come. */
const write = (socket: Socket, bytes: Uint8Array): Promise<void> =>
  new Promise(resolve => {
    if (!socket.write(bytes, () => resolve())) return
    resolve()
  })

/** All that comes until the other side closes. */
async function readAnswer(socket: Socket): Promise<string> {
  let text = ''
  const ended = new Promise<void>(resolve => socket.once('close', () => resolve()))
  socket.on('data', piece => {
    text += piece.toString('latin1')
    if (text.includes('\0') || text.length > ANSWER_LIMIT) socket.destroy()
  })
  await ended
  return text.split('\0', 1)[0]?.trim() ?? ''
}

/** Clean is one answer only: anything that is not understood is no answer. */
function resultOf(answer: string): ScanResult {
  if (answer === 'stream: OK') return 'clean'
  if (!/^stream: \S.* FOUND$/.test(answer)) return 'unavailable'
  // With `AlertExceedsMax`, without which such a file would count as clean though nobody looked at all of it.
  return answer.includes('Heuristics.Limits.Exceeded') ? 'tooComplex' : 'infected'
}
