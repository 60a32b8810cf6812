import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import type { Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** Bytes of a socket's path that every system takes. */
const LONGEST_PATH = 100

/**
 * Listens where only the owner of this process connects: on a socket of mode 600 in `dataDir`, or in a folder of its own
 * where that path is too long or its file system has no sockets; on Windows on a named pipe.
 * @returns its path, and what removes it once the server is closed
 */
export async function listenPrivately(server: Server, dataDir: string) {
  if (process.platform === 'win32')
    return await listenOn(server, `\\\\.\\pipe\\moussaada-${randomBytes(16).toString('hex')}`)
  const path = join(resolve(dataDir), 'operator.sock')
  if (Buffer.byteLength(path) <= LONGEST_PATH) {
    // Of a server that was killed: DATA_DIR has one owner, and this process is.
    await rm(path, { force: true })
    const listening = await listenOn(server, path).catch(() => undefined)
    if (listening) return listening
  }
  const folder = await mkdtemp(join(tmpdir(), 'moussaada-'))
  const { path: own } = await listenOn(server, join(folder, 'operator.sock'))
  return { path: own, remove: async () => await rm(folder, { recursive: true, force: true }) }
}

async function listenOn(server: Server, path: string) {
  server.listen(path)
  await once(server, 'listening')
  if (process.platform !== 'win32') await chmod(path, 0o600)
  // Node removes the socket itself as it closes the server.
  return { path, remove: async () => await Promise.resolve() }
}
