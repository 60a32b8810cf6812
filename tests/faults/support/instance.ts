import { freePort } from '../../../bot/http/free-port.ts'
import { startServer, type ServerProcess } from '../../support/server-process.ts'

export interface Instance {
  readonly port: number
  readonly pid: () => number
  /** Whether its process still runs. */
  isAlive(): boolean
  start(): Promise<void>
  /** As SIGTERM ends it. @returns its exit code and how long it took */
  stop(): ReturnType<ServerProcess['stop']>
  kill(): Promise<void>
  /** Holds it still, as a machine that swaps or a debugger does, until it is let go on. */
  freeze(): void
  thaw(): void
  /** All that it wrote, of all its lives. */
  output(): string
  /** The lines of it that tell of something broken. */
  errors(): string[]
}

/** An instance of the assistant on a port of its own, which it keeps over its lives. */
export async function startInstance(settings: Readonly<Record<string, string>>): Promise<Instance> {
  const port = await freePort('127.0.0.1')
  // Not used on PostgreSQL; a folder that nobody may make shows it.
  const options = { dataDir: '/proc/none', port, settings }
  const earlier: string[] = []
  let server = await startServer(options)
  const output = () => [...earlier, server.output()].join('')

  function isAlive(): boolean {
    try {
      return process.kill(server.pid, 0)
    } catch {
      return false
    }
  }

  return {
    port,
    pid: () => server.pid,
    isAlive,
    async start() {
      if (isAlive()) return
      earlier.push(server.output())
      server = await startServer(options)
    },
    stop: () => server.stop(),
    async kill() {
      if (isAlive()) await server.kill()
    },
    freeze: () => void process.kill(server.pid, 'SIGSTOP'),
    thaw: () => void process.kill(server.pid, 'SIGCONT'),
    output,
    errors: () =>
      output()
        .split('\n')
        .filter(line => /"level":[56]0/.test(line)),
  }
}
