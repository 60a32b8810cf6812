import { fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { AppError } from '../../errors.ts'
import { syncDirectory } from './disk-sync.ts'

const program = new URL('./first-base-main.ts', import.meta.url)

/**
 * Makes the database of a first start. It comes into being beside its place and is moved there when all of it is on the
 * disk: a start that was cut short leaves nothing that could be taken for a database.
 * @throws {AppError} `database.unreachable` when it cannot be made
 */
export async function ensureFirstBase(directory: string): Promise<void> {
  if (existsSync(directory)) return
  const parent = dirname(directory)
  const unfinished = `${basename(directory)}-unfinished-`
  await removeUnfinished(parent, unfinished)
  const making = join(parent, `${unfinished}${randomUUID()}`)
  await mkdir(making, { mode: 0o700 })
  await make(making)
  await rename(making, directory)
  syncDirectory(parent)
}

/** Names that nobody uses again: a process whose start was killed may still write into one for a moment. */
async function removeUnfinished(parent: string, prefix: string): Promise<void> {
  const left = (await readdir(parent)).filter(name => name.startsWith(prefix))
  await Promise.allSettled(left.map(name => rm(join(parent, name), { recursive: true, force: true })))
}

/**
 * In a process of its own, where V8 may leave the database's code as it compiles it first. Making it better pays for a
 * database that runs for days, and costs half of the time of this one, which runs for seconds.
 */
async function make(directory: string): Promise<void> {
  const child = fork(program, [directory], {
    execArgv: ['--liftoff-only'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const [code]: unknown[] = await once(child, 'exit')
  if (code === 0) return
  throw new AppError(
    'database.unreachable',
    `the first database could not be made: its process ended with ${String(code)}`,
  )
}
