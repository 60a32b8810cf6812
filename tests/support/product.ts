import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { serveArguments } from './serve-arguments.ts'
import { generousQuota } from './server-process.ts'

export interface Product {
  /** As the start line names it. */
  readonly url: string
  /** All that it wrote so far, for what must or must not be logged. */
  log(): string
  /** As a power cut ends it; then it starts again on the same data and port. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/** Starts the whole product as `npm start` does, on a free port and with data of its own that ends with it. */
export async function startProduct(settings: Readonly<Record<string, string>> = {}): Promise<Product> {
  await promisify(execFile)(process.execPath, ['scripts/build-web.ts'])
  const dataDir = await mkdtemp(join(tmpdir(), 'moussaada-web-'))
  const lines: string[] = []
  const start = (port: string) =>
    startServer({ PATH: process.env['PATH'], PORT: port, DATA_DIR: dataDir, ...generousQuota, ...settings }, lines)
  let running = await start('0')
  return {
    url: running.url,
    log: () => lines.join('\n'),
    async restart() {
      await running.stop('SIGKILL')
      running = await start(new URL(running.url).port)
    },
    async stop() {
      await running.stop('SIGTERM')
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

async function startServer(env: NodeJS.ProcessEnv, lines: string[]) {
  const server = spawn(process.execPath, serveArguments(), { env, stdio: ['ignore', 'pipe', 'pipe'] })
  createInterface(server.stderr).on('line', line => lines.push(line))
  const url = await new Promise<string>((resolve, reject) => {
    createInterface(server.stdout).on('line', line => {
      lines.push(line)
      const [, found] = /^Moussaada: (\S+)/.exec(line) ?? []
      if (found) resolve(found)
    })
    server.once('exit', code =>
      reject(new Error(`the server ended with ${code} before it listened:\n${lines.join('\n')}`)),
    )
  })
  return {
    url,
    async stop(signal: NodeJS.Signals): Promise<void> {
      const ended = server.exitCode === null ? once(server, 'exit') : undefined
      server.kill(signal)
      await ended
    },
  }
}
