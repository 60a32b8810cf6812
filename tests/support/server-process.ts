import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serveArguments } from './serve-arguments.ts'

export interface ServerProcess {
  /** As its start line names it. */
  readonly url: string
  readonly pid: number
  /** All that it wrote to stdout and stderr so far. */
  output(): string
  /** Asks it to stop. @returns its exit code, null when it did not end within 15 s, and how long it took */
  stop(): Promise<{ code: number | null; milliseconds: number }>
  /** As a power cut ends it. */
  kill(): Promise<void>
}

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface ServerOptions {
  readonly dataDir: string
  /** Where the product lies; this repository by default. */
  readonly cwd?: string
  /** Default: a free one, which the next start may be given again. */
  readonly port?: number
  /** Added to an environment that is otherwise empty. */
  readonly settings?: Readonly<Record<string, string>>
  /** As whom it runs; whoever runs the test by default. */
  readonly uid?: number
}

const STOP_LIMIT_MS = 15_000

/** A test's few members stand for thousands. */
export const generousQuota = {
  UPLOADS_AT_ONCE: '100',
  FILES_KEPT_MB: '1000000',
  FILES_A_DAY: '100000',
  DOSSIERS_A_DAY: '1000',
} as const

function spawnServer({ dataDir, cwd, uid, port = 0, settings = {} }: ServerOptions) {
  const env = { PATH: process.env['PATH'], DATA_DIR: dataDir, PORT: String(port), ...generousQuota, ...settings }
  const child = spawn(process.execPath, serveArguments(), {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd !== undefined && { cwd }),
    ...(uid !== undefined && { uid, gid: uid }),
  })
  const written = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => (written[name] += text))
  // The test command fails a file in whose output Node warns.
  child.stderr.on('data', (text: string) => void (text.includes('Warning: ') && process.stderr.write(text)))
  return { child, written }
}

/** Starts the product as `npm run serve` does and waits until it listens. */
export async function startServer(options: ServerOptions): Promise<ServerProcess> {
  const { child, written } = spawnServer(options)
  const ended = once(child, 'exit')
  const output = () => written.stdout + written.stderr
  const url = await untilListening(child, () => written.stdout).catch((error: unknown) => {
    child.kill('SIGKILL')
    throw new Error(`${String(error)}\n${output()}`)
  })
  return {
    url,
    pid: child.pid ?? 0,
    output,
    async stop() {
      const begun = performance.now()
      child.kill('SIGTERM')
      const late = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS)
      const [code] = child.exitCode === null ? await ended : [child.exitCode]
      clearTimeout(late)
      return { code, milliseconds: performance.now() - begun }
    },
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** Runs a server that is expected to refuse its start. */
export async function runToItsEnd(options: ServerOptions): Promise<Ended> {
  const { child, written } = spawnServer(options)
  const late = setTimeout(() => child.kill('SIGKILL'), 120_000)
  const [code] = await once(child, 'close')
  clearTimeout(late)
  return { code, ...written }
}

async function untilListening(child: ChildProcess, stdout: () => string): Promise<string> {
  const limit = Date.now() + 120_000
  for (;;) {
    const [, url] = /^Moussaada: (\S+)$/m.exec(stdout()) ?? []
    if (url !== undefined) return url
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode} before it listened`)
    if (Date.now() > limit) throw new Error('the server does not listen')
    await new Promise(resolve => setTimeout(resolve, 10))
  }
}

/** A folder of this test's own, removed with `remove`. */
export async function ownFolder(name: string): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), `moussaada-${name}-`))
  return { path, remove: () => rm(path, { recursive: true, force: true }) }
}

/** Processor time that a process has used, in milliseconds, children apart. Linux only. */
export async function cpuOf(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? []
  // utime and stime, in clock ticks of 10 ms.
  return (Number(fields[11]) + Number(fields[12])) * 10
}
