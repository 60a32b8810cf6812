import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'

export interface PrivateRedis {
  readonly url: string
  stop(): Promise<void>
  start(): Promise<void>
  /** Holds it still: it takes connections, and answers nothing. */
  freeze(): void
  /** Lets it go on, with all that it was sent meanwhile. */
  thaw(): void
  /** Stops it and removes everything. */
  close(): Promise<void>
}

const START_LIMIT_MS = 60_000

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address ? address.port : 0
}

async function untilAnswers(url: string, server: ChildProcess): Promise<void> {
  const client = new Redis(url, { retryStrategy: () => 50, maxRetriesPerRequest: null })
  client.on('error', () => undefined)
  const pong = client.ping()
  const end = Date.now() + START_LIMIT_MS
  while (server.exitCode === null && Date.now() < end) {
    if ((await Promise.race([pong, sleep(100)])) === 'PONG') return client.disconnect()
  }
  client.disconnect()
  throw new Error(server.exitCode === null ? 'redis-server does not answer' : 'redis-server ended at its start')
}

/** A Redis for one test file: on a free port of the loopback, keeping nothing, gone afterwards. */
export async function startPrivateRedis(): Promise<PrivateRedis> {
  const home = mkdtempSync(join(tmpdir(), 'moussaada-redis-'))
  const port = await freePort()
  const url = `redis://127.0.0.1:${port}`
  let server: ChildProcess | undefined

  async function start(): Promise<void> {
    const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', home]
    server = spawn('redis-server', args, { stdio: 'ignore' })
    await untilAnswers(url, server)
  }
  async function stop(): Promise<void> {
    if (!server || server.exitCode !== null) return
    const ended = once(server, 'exit')
    server.kill('SIGKILL')
    await ended
  }

  await start()
  return {
    url,
    start,
    stop,
    freeze: () => void server?.kill('SIGSTOP'),
    thaw: () => void server?.kill('SIGCONT'),
    async close() {
      await stop()
      rmSync(home, { recursive: true, force: true })
    },
  }
}
