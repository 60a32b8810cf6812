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
  close(): Promise<void>
}

/**
 * Opens the database that lies in `directory`, made at the first start, in a worker thread of its own.
 * @param onStopped called once if it stops by itself, with the reason
 */
export async function openEmbeddedClient(
  directory: string,
  onStopped: (reason: string) => void,
): Promise<EmbeddedClient> {
  const worker = new Worker(new URL('./pglite-worker.ts', import.meta.url), { workerData: { directory } })
  await untilReady(worker)
  const client = new pg.Client({
    stream: () => createWorkerStream(worker),
    user: 'postgres',
    database: 'postgres',
    types: valueTypes,
    pipeline: true,
    query_timeout: statementLimit,
    ssl: false,
  })
  let closing = false
  client.on('error', error => {
    if (!closing) onStopped(error.message)
  })
  await client.connect()
  return {
    client,
    close: async () => {
      closing = true
      await closeWorker(worker)
    },
  }
}

async function untilReady(worker: Worker): Promise<void> {
  const exited = once(worker, 'exit').then(([code]) => {
    throw new AppError('database.unreachable', `the embedded database did not open: ${exitReason(Number(code))}`)
  })
  try {
    await Promise.race([once(worker, 'message'), exited])
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError('database.unreachable', 'the embedded database did not open', { cause: error })
  }
}

async function closeWorker(worker: Worker): Promise<void> {
  const exited = once(worker, 'exit')
  const limit = setTimeout(() => void worker.terminate(), closeLimit)
  worker.postMessage(null)
  await exited
  clearTimeout(limit)
}
