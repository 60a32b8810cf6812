import { once } from 'node:events'
import type { Socket } from 'node:net'
import type { z } from 'zod'
import { AppError } from '../../services/errors.ts'

export interface Frames {
  send(value: unknown): void
  /**
   * The next frame, parsed.
   * @param limits `bytes` of its line, and `milliseconds` to wait for it
   * @throws {AppError} `operator.broken` when it is late, too long, of another shape, or the other side is gone
   */
  next<T>(schema: z.ZodType<T>, limits: { bytes: number; milliseconds: number }): Promise<T>
}

const broken = (what: string) => new AppError('operator.broken', what)

/** JSON values, one a line, both ways; used by one reader at a time. */
export function createFrames(socket: Socket): Frames {
  let chunks: Buffer[] = []
  let size = 0
  socket.pause()

  async function line(bytes: number, signal: AbortSignal): Promise<string> {
    for (;;) {
      const chunk: unknown = socket.read()
      if (chunk === null) {
        if (socket.readableEnded || socket.destroyed) throw broken('the other side is gone')
        await readableOrClosed(socket, signal)
        continue
      }
      if (!Buffer.isBuffer(chunk)) continue
      const end = chunk.indexOf(0x0a)
      chunks.push(end < 0 ? chunk : chunk.subarray(0, end))
      size += chunk.length
      if (size > bytes) throw broken('a frame is too long')
      if (end < 0) continue
      const text = Buffer.concat(chunks).toString('utf8')
      socket.unshift(chunk.subarray(end + 1))
      chunks = []
      size = 0
      return text
    }
  }

  return {
    send: value => void socket.write(`${JSON.stringify(value)}\n`),
    async next(schema, { bytes, milliseconds }) {
      const text = await line(bytes, AbortSignal.timeout(milliseconds)).catch((cause: unknown) => {
        throw cause instanceof AppError ? cause : new AppError('operator.broken', 'no frame came in time', { cause })
      })
      return parse(schema, text)
    },
  }
}

async function readableOrClosed(socket: Socket, signal: AbortSignal): Promise<void> {
  const either = new AbortController()
  const options = { signal: AbortSignal.any([signal, either.signal]) }
  try {
    await Promise.race([once(socket, 'readable', options), once(socket, 'close', options)])
  } finally {
    either.abort()
  }
}

function parse<T>(schema: z.ZodType<T>, text: string): T {
  try {
    return schema.parse(JSON.parse(text))
  } catch {
    // The cause would quote the frame.
    throw broken('a frame has another shape')
  }
}
