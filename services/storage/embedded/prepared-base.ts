import { createHash, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makeBase } from './make-base.ts'

/** Beside the installed packages, which one of them it is made by. */
const cache = fileURLToPath(new URL('../../../node_modules/.cache/first-base/', import.meta.url))
const madeBy = [
  './pglite-options.ts',
  './first-base-main.ts',
  '../../../node_modules/@electric-sql/pglite/package.json',
]

async function place(): Promise<string> {
  const hash = createHash('sha256')
  for (const file of madeBy) hash.update(await readFile(new URL(file, import.meta.url)))
  return join(cache, hash.digest('hex').slice(0, 16))
}

/** An empty database that was made ahead by this version of the parts, if there is one. */
export async function preparedBase(): Promise<string | undefined> {
  const directory = await place()
  return existsSync(directory) ? directory : undefined
}

/** Makes it, so that a first start only copies it: making takes longer than all else that a start does. */
export async function prepareBase(): Promise<void> {
  const directory = await place()
  if (existsSync(directory)) return
  await rm(cache, { recursive: true, force: true })
  const making = join(cache, randomUUID())
  await mkdir(making, { recursive: true, mode: 0o700 })
  await makeBase(making)
  // Another may have been quicker by a moment; it made the same.
  await rename(making, directory).catch(() => rm(making, { recursive: true, force: true }))
}
