/*
 * `node scripts/prune-image.ts FOLDER/node_modules`: takes out of installed packages what nothing in the image loads. For
 * the image only; tests/operations/image.test.ts runs the server and every command on what is left. The server has its
 * packages in dist: what stays is loaded by the operator's commands, the check of files and the embedded database.
 */
import { readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { z } from 'zod'

const loaded = [
  '@cantoo/pdf-lib',
  '@electric-sql/pglite',
  // By pg-boss, of which it is a peer.
  '@opentelemetry/api',
  'csv-parse',
  'i18next',
  'ioredis',
  'pdfjs-dist',
  'pg',
  'pg-boss',
  'rate-limiter-flexible',
  'redis-semaphore',
  'zod',
]

/** Also of packages that are in dist alone: whoever is handed the image is handed these. */
const licence = /(?:^|\/)(?:licen[cs]e|notice|third)[^/]*$/i
/** Node strips no types inside of node_modules, so that no source of TypeScript there can be loaded; maps serve debuggers. */
const unloadable = /\.(?:map|ts|mts|cts|tsx|flow)$|\.tsbuildinfo$|\.(?:md|markdown)$/i

/** Of packages that hold many builds, those that are loaded. */
const kept: Readonly<Record<string, RegExp>> = {
  // The check of PDF files walks pages and draws nothing: no fonts, no character maps, no decoders of images.
  'pdfjs-dist': /^(?:package\.json|legacy\/build\/pdf(?:\.worker)?\.min\.mjs)$/,
  // `cjs` is only looked up, to find `dist`.
  '@cantoo/pdf-lib': /^(?:package\.json|cjs\/index\.js|dist\/pdf-lib\.esm\.min\.js)$/,
  // Extensions of PostgreSQL, and hosts other than Node.
  '@electric-sql/pglite': /^(?!.*\.(?:tar\.gz|cjs)$|dist\/(?:contrib|live|worker|node-postgres)\/)/,
  luxon: /^(?:package\.json|build\/node\/.*)$/,
  // Its exports name it for tools that ask for the sources.
  zod: /^(?!src\/)/,
}

const lockSchema = z.object({
  packages: z.record(z.string(), z.object({ dependencies: z.record(z.string(), z.string()).optional() })),
})
const { packages } = lockSchema.parse(JSON.parse(readFileSync('package-lock.json', 'utf8')))

/** As Node looks for it: beside whoever asks, then further up. @returns its place, undefined when it is not installed */
function placeOf(name: string, asker: string): string | undefined {
  const place = `${asker === '' ? '' : `${asker}/`}node_modules/${name}`
  if (packages[place]) return place
  return asker === '' ? undefined : placeOf(name, asker.slice(0, Math.max(0, asker.lastIndexOf('/node_modules/'))))
}

function placesOfLoaded(): Set<string> {
  const places = new Set<string>()
  const add = (name: string, asker: string): void => {
    const place = placeOf(name, asker)
    if (place === undefined || places.has(place)) return
    places.add(place)
    for (const needed of Object.keys(packages[place]?.dependencies ?? {})) add(needed, place)
  }
  for (const name of loaded) add(name, '')
  return places
}

const places = placesOfLoaded()

/** @param path beneath the image, with slashes */
function isNeeded(path: string): boolean {
  const [, place = '', name = '', rest = ''] = /^(.*node_modules\/((?:@[^/]+\/)?[^/]+))\/(.*)$/.exec(path) ?? []
  if (licence.test(rest)) return true
  return places.has(place) && !unloadable.test(rest) && (kept[name]?.test(rest) ?? true)
}

function prune(root: string): void {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true })
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name)
    const inImage = join('node_modules', relative(root, path)).split(sep).join('/')
    if (!entry.isDirectory() && !isNeeded(inImage)) rmSync(path)
  }
  // The deepest first: a folder may be empty only now.
  const byDepth = entries.filter(entry => entry.isDirectory()).map(entry => join(entry.parentPath, entry.name))
  for (const path of byDepth.toSorted((a, b) => b.length - a.length))
    if (readdirSync(path).length === 0) rmdirSync(path)
}

const [target] = process.argv.slice(2)
if (target === undefined) throw new Error('prune-image: which node_modules?')
prune(target)
