import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import pg from 'pg'
import type { Client } from 'pg'
import { AppError } from '../../errors.ts'
import { valueTypes } from '../value-types.ts'
import { exitReason } from './worker-exit.ts'
import { createWorkerStream } from './worker-stream.ts'

/** Milliseconds. A statement that takes longer is taken for a database that hangs: its worker is ended. */
const statementLimit = 60_000
/** Milliseconds for the last checkpoint and the sync of what is open. */
const closeLimit = 10_000

export interface EmbeddedClient {
  readonly client: Client
  /** Its worker is gone, or about to go. */
  isBroken(): boolean
  /** Whether its transactions may write, unless they ask for it themselves. */
  allowWrites(allowed: boolean): Promise<void>
  close(): Promise<void>
}

/**
 * Opens the database that lies in `directory`, in a worker thread of its own.
 * @param onStopped called once if it stops by itself, with the reason
 */
export async function openEmbeddedClient(
  directory: string,
  onStopped: (reason: string) => void,
): Promise<EmbeddedClient> {
  const worker = new Worker(new URL('./pglite-worker.ts', import.meta.url), { workerData: { directory } })
  const exited = new Promise<number>(resolve => worker.once('exit', resolve))
  await untilReady(worker, exited)
  const client = new pg.Client({
    stream: () => createWorkerStream(worker),
    user: 'postgres',
    database: 'postgres',
    types: valueTypes,
    pipeline: true,
    query_timeout: statementLimit,
    ssl: false,
  })
  let state: 'open' | 'broken' | 'closing' = 'open'
  client.on('error', error => {
    if (state !== 'open') return
    state = 'broken'
    onStopped(error.message)
  })
  await client.connect()
  let mayWrite = true
  return {
    client,
    async allowWrites(allowed) {
      if (allowed === mayWrite) return
      mayWrite = allowed
      await client.query(`SET default_transaction_read_only = ${allowed ? 'off' : 'on'}`)
    },
    isBroken: () => state === 'broken',
    close: async () => {
      const wasOpen = state === 'open'
      state = 'closing'
      if (wasOpen) await finish(worker, exited)
      await worker.terminate()
    },
  }
}

async function untilReady(worker: Worker, exited: Promise<number>): Promise<void> {
  const ended = exited.then(code => {
    throw new Error(exitReason(code))
  })
  try {
    await Promise.race([once(worker, 'message'), ended])
  } catch (error) {
    throw new AppError('database.unreachable', 'the embedded database does not open', { cause: error })
  }
}

/** Lets the worker checkpoint and close; whoever calls ends it afterwards in any case. */
async function finish(worker: Worker, exited: Promise<number>): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, closeLimit)
  worker.postMessage(null, [])
  await Promise.race([exited, late])
  clearTimeout(timer)
}
