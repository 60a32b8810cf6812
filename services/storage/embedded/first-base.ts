import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { syncDirectory, syncTree } from './disk-sync.ts'
import { makeBase } from './make-base.ts'
import { preparedBase } from './prepared-base.ts'

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
  await fill(making)
  await rename(making, directory)
  syncDirectory(parent)
}

async function fill(directory: string): Promise<void> {
  const prepared = await preparedBase()
  if (prepared === undefined) return makeBase(directory)
  await cp(prepared, directory, { recursive: true })
  syncTree(directory)
}

/** Names that nobody uses again: a process whose start was killed may still write into one for a moment. */
async function removeUnfinished(parent: string, prefix: string): Promise<void> {
  const left = (await readdir(parent)).filter(name => name.startsWith(prefix))
  await Promise.allSettled(left.map(name => rm(join(parent, name), { recursive: true, force: true })))
}
