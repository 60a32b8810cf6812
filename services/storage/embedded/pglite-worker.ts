import { parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'
import { z } from 'zod'
import { pgliteOptions } from './pglite-options.ts'

// Knows nothing of SQL: bytes of PostgreSQL's protocol come in, bytes of its answers go out. `null` asks it to close.

const { directory } = z.object({ directory: z.string() }).parse(workerData)
const port = z.custom<NonNullable<typeof parentPort>>(value => value !== null).parse(parentPort)

async function answer(database: PGlite, request: Uint8Array): Promise<void> {
  const parts: Uint8Array<ArrayBuffer>[] = []
  // The bytes lie in the instance's memory, which the next call writes over.
  const onRawData = (bytes: Uint8Array): number => parts.push(bytes.slice())
  await database.execProtocolRawStream(request, { syncToFs: false, onRawData })
  for (const part of parts) port.postMessage(part, [part.buffer])
}

const database = new PGlite(pgliteOptions(directory))
await database.waitReady
port.on('message', (message: Uint8Array | null) => {
  if (message !== null) return void answer(database, message)
  void database.close().finally(() => port.close())
})
port.postMessage('ready')
