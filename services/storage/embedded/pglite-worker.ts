import { parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'
import { z } from 'zod'
import { DurableNodeFS } from './durable-node-fs.ts'
import { beginFirstStart, endFirstStart } from './first-start.ts'
import { exitCodes } from './worker-exit.ts'

// Knows nothing of SQL: bytes of PostgreSQL's protocol come in, bytes of its answers go out. `null` asks it to close.

const { directory } = z.object({ directory: z.string() }).parse(workerData)
const port = z.custom<NonNullable<typeof parentPort>>(value => value !== null).parse(parentPort)

const settings = {
  wal_sync_method: 'fsync',
  // Bounds what is replayed after a crash: about a second.
  max_wal_size: '64MB',
  min_wal_size: '16MB',
  // 128 MB by default, all of it in this process; what we read again and again is far smaller.
  shared_buffers: '16MB',
  // Lower levels would print statements with their values.
  log_min_messages: 'fatal',
  log_min_error_statement: 'panic',
}

const startParams = [
  // -F turns syncing off.
  ...PGlite.defaultStartParams.filter(param => param !== '-F'),
  ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
]

/** After a panic PGlite goes on with a broken instance: end here, and let the next opening replay the log. */
function endOnPanic(line: string): boolean {
  if (/\b(PANIC|FATAL):/.test(line)) process.exit(exitCodes.panicked)
  return false
}

/** A third of the files each, for databases that nobody makes here; after a crash every file costs a sync. */
async function dropTemplate(database: PGlite, name: string): Promise<void> {
  await database.exec(`ALTER DATABASE ${name} IS_TEMPLATE false`)
  await database.exec(`DROP DATABASE ${name}`)
}

async function open(): Promise<PGlite> {
  const isFirstStart = beginFirstStart(directory)
  const database = new PGlite({
    fs: new DurableNodeFS(directory),
    startParams,
    initDbStartParams: ['--wal-segsize=4'],
    onStderr: endOnPanic,
  })
  await database.waitReady
  if (isFirstStart) {
    for (const name of ['template1', 'template0']) await dropTemplate(database, name)
    endFirstStart(directory)
  }
  return database
}

async function answer(database: PGlite, request: Uint8Array): Promise<void> {
  const parts: Uint8Array<ArrayBuffer>[] = []
  // The bytes lie in the instance's memory, which the next call writes over.
  const onRawData = (bytes: Uint8Array): number => parts.push(bytes.slice())
  await database.execProtocolRawStream(request, { syncToFs: false, onRawData })
  for (const part of parts) port.postMessage(part, [part.buffer])
}

const database = await open()
port.on('message', (message: Uint8Array | null) => {
  if (message !== null) return void answer(database, message)
  void database.close().finally(() => port.close())
})
port.postMessage('ready')
