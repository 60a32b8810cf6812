import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { z } from 'zod'

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

/** Exactly the files that the Dockerfile puts into the image, by its own steps; packages come from this repository. */
export function buildImage(): Image {
  const path = mkdtempSync(join(tmpdir(), 'moussaada-image-'))
  // As in an image: everybody reads, nobody but root writes.
  chmodSync(path, 0o755)
  copyPackages(path)
  const pruned = spawnSync(process.execPath, ['scripts/prune-image.ts', join(path, 'node_modules')], {
    encoding: 'utf8',
  })
  if (pruned.status !== 0) throw new Error(pruned.stderr)
  for (const [sources, target] of copiesOf(readFileSync('Dockerfile', 'utf8'))) copyAs(path, sources, target)
  const used = spawnSync('du', ['-sb', join(path, 'node_modules')], { encoding: 'utf8' })
  return {
    path,
    packages: Number.parseInt(used.stdout, 10),
    remove: () => rmSync(path, { recursive: true, force: true }),
  }
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
  const lines = last.matchAll(/^COPY (?!--from=packages)(?:--from=web \/app\/)?(.+) (\S+)$/gm)
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
