/*
 * Builds web/dist when it is stale: `node scripts/build-web.ts [--force]`.
 * Stale means: made from other sources, words or packages than those here.
 */
import { createHash } from 'node:crypto'
import { readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')
const dist = join(root, 'web/dist')
const stampFile = join(dist, '.stamp')
const compressible = /\.(js|css|html|svg|json|txt)$/

async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  return entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
}

async function sourceFiles(): Promise<string[]> {
  const web = (await filesUnder(join(root, 'web'))).filter(file => !/\/web\/dist[^/]*\//.test(file))
  const words = (await filesUnder(join(root, 'locales'))).filter(file => file.endsWith('web.json'))
  const alone = ['package-lock.json', 'scripts/build-web.ts', 'services/language.ts'].map(file => join(root, file))
  return [...web, ...words, ...alone].sort()
}

async function stampOfSources(): Promise<string> {
  const hash = createHash('sha256')
  for (const file of await sourceFiles())
    hash
      .update(relative(root, file))
      .update('\0')
      .update(await readFile(file))
  return hash.digest('hex')
}

/** Compressed once here, so that the server never spends a member's waiting time on it. */
async function precompress(folder: string): Promise<void> {
  const files = (await filesUnder(folder)).filter(file => compressible.test(file))
  for (const file of files) {
    const plain = await readFile(file)
    const quality = {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length },
    }
    await writeFile(`${file}.br`, await promisify(brotliCompress)(plain, quality))
    await writeFile(`${file}.gz`, await promisify(gzip)(plain, { level: 9 }))
  }
}

const isTaken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOTEMPTY' || error.code === 'EEXIST')

async function rebuild(stamp: string): Promise<void> {
  const { buildWeb } = await import('../web/bundle/web-build.ts')
  // Of this process alone: two builds at once must not mix.
  const made = join(root, `node_modules/.cache/web-${process.pid}`)
  await buildWeb(root, made)
  await precompress(made)
  await writeFile(join(made, '.stamp'), stamp)
  // A server that is running meanwhile serves the old files or the new ones, never half of each.
  await rm(dist, { recursive: true, force: true })
  await rename(made, dist).catch(async (error: unknown) => {
    // Another build was quicker by a moment; it made the same.
    await rm(made, { recursive: true, force: true })
    if (!isTaken(error)) throw error
  })
}

const stamp = await stampOfSources()
const present = await readFile(stampFile, 'utf8').catch(() => '')
if (process.argv.includes('--force') || present !== stamp) {
  const started = Date.now()
  await rebuild(stamp)
  console.log(`web part built in ${((Date.now() - started) / 1000).toFixed(1)} s`)
}
