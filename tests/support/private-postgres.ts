import { spawn, spawnSync, type ChildProcess, type SpawnSyncReturns } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

export interface PrivatePostgres {
  readonly port: number
  readonly socketDirectory: string
  /** Of a database of its own, empty, in this server. */
  newDatabase(): Promise<string>
  /** As `pg_ctl stop -m`: `immediate` is a crash. */
  stop(mode?: 'fast' | 'immediate'): Promise<void>
  start(): Promise<void>
  /** Stops it and removes everything. */
  close(): Promise<void>
}

const START_LIMIT_MS = 60_000
/** Milliseconds, after which a fast stop becomes an immediate one. */
const STOP_LIMIT_MS = 30_000

/** A PostgreSQL server for one test file: on a free port of the loopback, in a temporary directory, gone afterwards. */
export async function startPrivatePostgres(): Promise<PrivatePostgres> {
  const folder = binaries()
  const account = unprivileged()
  const home = mkdtempSync(join(tmpdir(), 'moussaada-pg-'))
  if (account.uid !== undefined) chownSync(home, account.uid, account.gid ?? account.uid)
  const data = join(home, 'data')
  const made = run(join(folder, 'initdb'), [
    '-D',
    data,
    '-U',
    'postgres',
    '-A',
    'trust',
    '-E',
    'UTF8',
    '--locale=C.UTF-8',
    '-N',
  ])
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`)
  const port = await freePort()
  let server: ChildProcess | undefined

  function run(command: string, args: readonly string[]): SpawnSyncReturns<string> {
    return spawnSync(command, args, {
      ...account,
      encoding: 'utf8',
      cwd: home,
      env: { PATH: process.env['PATH'], TZ: 'UTC' },
    })
  }

  const url = (name: string): string => `postgresql://postgres@127.0.0.1:${port}/${name}`

  const spawnServer = (): ChildProcess => {
    const settings = ['listen_addresses=127.0.0.1', 'max_connections=50'].flatMap(setting => ['-c', setting])
    const args = ['-D', data, '-p', String(port), '-k', home, ...settings]
    return spawn(join(folder, 'postgres'), args, { ...account, cwd: home, stdio: 'ignore', env: { TZ: 'UTC' } })
  }

  const start = async (): Promise<void> => {
    for (let tries = 1; ; tries++) {
      server = spawnServer()
      const isUp = await answers(url('postgres'), server)
      if (isUp) return
      // After a crash the old one's children may hold its memory for a moment more.
      if (tries === 20) throw new Error(`postgres ended with code ${server.exitCode}`)
      await sleep(500)
    }
  }

  const stop = async (mode: 'fast' | 'immediate' = 'fast'): Promise<void> => {
    if (!server || server.exitCode !== null) return
    const ended = once(server, 'exit')
    server.kill(mode === 'fast' ? 'SIGINT' : 'SIGQUIT')
    const late = setTimeout(() => server?.kill('SIGQUIT'), STOP_LIMIT_MS)
    await ended
    clearTimeout(late)
  }

  await start()
  let databases = 0
  return {
    port,
    socketDirectory: home,
    start,
    stop,
    newDatabase: async () => {
      databases += 1
      const name = `test_${databases}`
      await withClient(url('postgres'), client => client.query(`CREATE DATABASE ${name}`))
      return url(name)
    },
    close: async () => {
      await stop('immediate')
      rmSync(home, { recursive: true, force: true })
    },
  }
}

/** Where the server and its commands are. Debian keeps the server's own programs off the PATH, one directory a version. */
export function binaries(): string {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).toSorted((a, b) => Number(b) - Number(a)) : []
  const candidates = [
    ...versions.map(version => join(debian, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(':'),
  ]
  const found = candidates.find(
    directory => existsSync(join(directory, 'initdb')) && existsSync(join(directory, 'postgres')),
  )
  if (found === undefined) throw new Error('no PostgreSQL server is installed (Debian: apt-get install postgresql)')
  return found
}

/** PostgreSQL refuses to run as root: `postgres`, which its package makes, or else nobody. */
function unprivileged(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {}
  const id = (flag: string, name: string): number | undefined => {
    const { status, stdout } = spawnSync('id', [flag, name], { encoding: 'utf8' })
    return status === 0 ? Number(stdout) : undefined
  }
  const uid = id('-u', 'postgres')
  const gid = id('-g', 'postgres')
  return uid === undefined || gid === undefined ? { uid: 65534, gid: 65534 } : { uid, gid }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}

/** @returns whether it answers, or has ended */
async function answers(url: string, server: ChildProcess): Promise<boolean> {
  const end = Date.now() + START_LIMIT_MS
  while (Date.now() < end) {
    if (server.exitCode !== null) return false
    const isUp = await withClient(url, client => client.query('SELECT 1')).then(
      () => true,
      () => false,
    )
    if (isUp) return true
    await sleep(100)
  }
  throw new Error('postgres did not answer within a minute')
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000, query_timeout: 30_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return await work(client)
  } finally {
    await client.end().catch(() => undefined)
  }
}
