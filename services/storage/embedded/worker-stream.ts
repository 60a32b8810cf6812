import { Duplex } from 'node:stream'
import type { Worker } from 'node:worker_threads'
import { AppError } from '../../errors.ts'
import { exitReason } from './worker-exit.ts'

/** The worker as the socket that pg's client expects; destroying it ends the worker. */
export function createWorkerStream(worker: Worker): Duplex {
  const stream = new Duplex({
    read: () => undefined,
    write: (bytes: Buffer, _encoding, done) => {
      send(worker, [bytes])
      done()
    },
    // A statement's parts come together, and cross the thread together.
    writev: (chunks, done) => {
      send(
        worker,
        chunks.map(({ chunk }: { chunk: Buffer }) => chunk),
      )
      done()
    },
    destroy: (error, done) => {
      void worker.terminate()
      done(error)
    },
  })
  const ended = (reason: string): void => {
    stream.destroy(new AppError('database.unreachable', `the embedded database stopped: ${reason}`))
  }
  worker.on('message', (bytes: Uint8Array) => stream.push(bytes))
  worker.on('error', error => ended(error.message))
  worker.on('exit', code => ended(exitReason(code)))
  return Object.assign(stream, {
    connect: () => queueMicrotask(() => stream.emit('connect')),
    setNoDelay: () => stream,
    setKeepAlive: () => stream,
    ref: () => worker.ref(),
    unref: () => worker.unref(),
  })
}

/** In memory of its own: a Buffer is a view on a shared pool, which would be sent whole. */
function send(worker: Worker, parts: readonly Buffer[]): void {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let offset = 0
  for (const part of parts) {
    bytes.set(part, offset)
    offset += part.length
  }
  worker.postMessage(bytes, [bytes.buffer])
}
