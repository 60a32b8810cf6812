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

/** What `npm ci --omit=dev --omit=optional` installs. */
function copyPackages(image: string): void {
  const { packages } = lock.parse(JSON.parse(readFileSync('package-lock.json', 'utf8')))
  for (const [place, { dev, optional, devOptional }] of Object.entries(packages)) {
    if (place === '' || dev || optional || devOptional) continue
    cpSync(place, join(image, place), { recursive: true, filter: source => isOf(place, source) })
  }
}

/** Packages inside of a package have entries of their own. */
const isOf = (place: string, source: string) => !source.slice(place.length).includes('/node_modules')

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
