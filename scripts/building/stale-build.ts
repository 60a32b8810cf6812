import { createHash } from 'node:crypto'
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'

/** Something made of sources, which is stale when it was made from others than those here. */
export interface Build {
  /** As the terminal names it. */
  readonly name: string
  readonly root: string
  /** Where it lies, beneath the root. */
  readonly dist: string
  /** Files that it is made of, packages and this build's own among them. */
  sources(): Promise<string[]>
  make(folder: string): Promise<void>
}

export async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  return entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
}

async function stampOf(build: Build): Promise<string> {
  const hash = createHash('sha256')
  for (const file of (await build.sources()).toSorted())
    hash
      .update(relative(build.root, file))
      .update('\0')
      .update(await readFile(file))
  return hash.digest('hex')
}

const presentStamp = ({ root, dist }: Pick<Build, 'root' | 'dist'>): Promise<string> =>
  readFile(join(root, dist, '.stamp'), 'utf8').catch(() => '')

const isTaken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOTEMPTY' || error.code === 'EEXIST')

async function rebuild({ name, root, dist, make }: Build, stamp: string): Promise<void> {
  // Of this process alone: two builds at once must not mix.
  const made = join(root, `node_modules/.cache/${name.replaceAll(' ', '-')}-${process.pid}`)
  await make(made)
  // Another build was quicker and made the same: a server may be loading it by now.
  if ((await presentStamp({ root, dist })) === stamp) return rm(made, { recursive: true, force: true })
  await writeFile(join(made, '.stamp'), stamp)
  // A server that is running meanwhile serves the old files or the new ones, never half of each.
  await rm(join(root, dist), { recursive: true, force: true })
  await rename(made, join(root, dist)).catch(async (error: unknown) => {
    // It was quicker by a moment.
    await rm(made, { recursive: true, force: true })
    if (!isTaken(error)) throw error
  })
}

/** Makes it when it is stale. */
export async function buildWhenStale(build: Build): Promise<void> {
  const stamp = await stampOf(build)
  if ((await presentStamp(build)) === stamp) return
  const started = Date.now()
  await rebuild(build, stamp)
  console.log(`${build.name} built in ${((Date.now() - started) / 1000).toFixed(1)} s`)
}
