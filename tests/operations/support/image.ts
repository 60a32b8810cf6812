import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { z } from 'zod'

export interface Account {
  readonly uid?: number
  readonly gid?: number
}

export interface Image {
  readonly path: string
  /** Bytes of node_modules. */
  readonly packages: number
  remove(): void
}

const lock = z.object({
  packages: z.record(
    z.string(),
    z.object({ dev: z.boolean(), optional: z.boolean(), devOptional: z.boolean() }).partial(),
  ),
})

/**
 * Exactly the files that the Dockerfile puts into the image, by its own steps; packages come from this repository.
 * @param account as whom it compiles and runs
 */
export function buildImage(account: Account = {}): Image {
  const path = mkdtempSync(join(tmpdir(), 'moussaada-image-'))
  // As in an image: everybody reads, nobody but root writes.
  chmodSync(path, 0o755)
  copyPackages(path)
  const pruned = spawnSync(process.execPath, ['scripts/prune-image.ts', join(path, 'node_modules')], {
    encoding: 'utf8',
  })
  if (pruned.status !== 0) throw new Error(pruned.stderr)
  for (const [sources, target] of copiesOf(readFileSync('Dockerfile', 'utf8'))) copyAs(path, sources, target)
  compileAhead(path, account)
  const used = spawnSync('du', ['-sb', join(path, 'node_modules')], { encoding: 'utf8' })
  return {
    path,
    packages: Number.parseInt(used.stdout, 10),
    remove: () => rmSync(path, { recursive: true, force: true }),
  }
}

/** The image's own RUN line, as its account; then nobody writes there. */
function compileAhead(image: string, { uid, gid }: Account): void {
  const cache = join(image, 'node_modules/.cache')
  mkdirSync(cache)
  if (uid !== undefined) chownSync(cache, uid, gid ?? uid)
  const [, line = ''] = /^RUN (\["node".+\])$/m.exec(readFileSync('Dockerfile', 'utf8')) ?? []
  const [, ...given] = z.array(z.string()).parse(JSON.parse(line))
  const compiled = spawnSync(process.execPath, given, { cwd: image, encoding: 'utf8', ...{ uid, gid } })
  if (compiled.status !== 0) throw new Error(compiled.stderr)
  if (uid !== undefined) chownSync(cache, 0, 0)
}

/** What `npm ci --omit=dev --omit=optional` installs, with the packages inside of packages. */
function copyPackages(image: string): void {
  const { packages } = lock.parse(JSON.parse(readFileSync('package-lock.json', 'utf8')))
  const places = Object.entries(packages).flatMap(([place, { dev, optional, devOptional }]) =>
    place.lastIndexOf('node_modules/') !== 0 || dev || optional || devOptional ? [] : [place],
  )
  // Links to the same files, where the file system allows: only their names are taken out of the image.
  const copied = ['-al', '-a'].some(how => spawnSync('cp', [how, '--parents', ...places, image]).status === 0)
  if (!copied) throw new Error('the packages could not be copied')
}

/** The last stage's COPY lines, but for the packages. */
function copiesOf(dockerfile: string): (readonly [readonly string[], string])[] {
  const last = dockerfile.slice(dockerfile.lastIndexOf('FROM '))
  const lines = last.matchAll(/^COPY (?!--from=packages)(?:--from=built \/app\/)?(.+) (\S+)$/gm)
  return [...lines].map(([, from = '', to = '']) => [from.split(' '), to] as const)
}

function copyAs(image: string, sources: readonly string[], target: string): void {
  for (const source of sources) {
    const isFolder = target.endsWith('/')
    const place = isFolder ? join(image, target, source.split('/').at(-1) ?? '') : join(image, target)
    mkdirSync(dirname(place), { recursive: true })
    cpSync(source, place, { recursive: true })
  }
}
