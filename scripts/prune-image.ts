/*
 * `node scripts/prune-image.ts FOLDER/node_modules`: takes out of installed packages what the server never loads. For the
 * image only; tests/operations/image.test.ts runs the server on what is left.
 */
import { readdirSync, rmdirSync, rmSync } from 'node:fs'
import { join, relative, sep } from 'node:path'

/** Node strips no types inside of node_modules, so that no source of TypeScript there can be loaded; maps serve debuggers. */
const unloadable = /\.(?:map|ts|mts|cts|tsx|flow)$|\.tsbuildinfo$/
/** What a licence asks to be handed on stays. */
const prose = /(?<!licen[cs]e[^/]*|notice[^/]*|third[^/]*)\.(?:md|markdown)$/i

/** Folders of tests and sources, each in the packages that were looked into. */
const folders: readonly RegExp[] = [
  // Types alone, which nothing loads.
  /^(?:@types|undici-types|@typespec\/[^/]+\/dist\/types)\//,
  // A copy of chai, 16 MB in each of them, that nothing refers to.
  /^(?:botbuilder|botframework-streaming)\/vendors\/chai\//,
  /^(?:botbuilder|botframework)[^/]*\/(?:_ts3\.4|src)\//,
  // What bundlers for other places take.
  /^(?:@azure|@typespec)\/[^/]+\/dist\/(?:browser|react-native|workerd)\//,
  /^axios\/dist\/(?:browser|esm)\//,
  /^@azure\/msal-browser\/(?:types|src|lib\/custom-auth-path|lib\/redirect-bridge)\//,
  /^@azure\/msal-(?:node|common)\/(?:types|src)\//,
  /^luxon\/(?:src|build\/(?:amd|cjs-browser|global))\//,
  // Its exports name it for tools that ask for the sources.
  /^zod\/src\//,
  /^(?:bintrees|pino|find-my-way|thread-stream|qs|events|grapheme-splitter|sonic-boom|busboy|pino-abstract-transport)\/(?:test|tests|docs|benchmarks)\//,
  /^(?:globalize|@pinojs\/redact)\/(?:examples|test)\//,
]

/** Of packages that hold many builds, those that are loaded. */
const kept: Readonly<Record<string, RegExp>> = {
  // The check of PDF files walks pages and draws nothing: no fonts, no character maps, no decoders of images.
  'pdfjs-dist': /^(?:package\.json|LICENSE|legacy\/build\/pdf(?:\.worker)?\.min\.mjs)$/,
  // `cjs` is only looked up, to find `dist`.
  '@cantoo/pdf-lib': /^(?:package\.json|LICENSE[^/]*|cjs\/index\.js|dist\/pdf-lib\.esm\.min\.js)$/,
  // Extensions of PostgreSQL, and hosts other than Node.
  '@electric-sql/pglite': /^(?!.*\.(?:tar\.gz|cjs)$|dist\/(?:contrib|live|worker|node-postgres)\/)/,
}

/** @param path inside `node_modules`, with slashes @returns whether the server may need it */
export function isNeeded(path: string): boolean {
  const inner = path.split('node_modules/').at(-1) ?? path
  const [, name = '', rest = ''] = /^((?:@[^/]+\/)?[^/]+)\/(.*)$/.exec(inner) ?? []
  if (unloadable.test(inner) || prose.test(inner) || folders.some(folder => folder.test(inner))) return false
  return kept[name]?.test(rest) ?? true
}

function prune(root: string): void {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true })
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name)
    if (!entry.isDirectory() && !isNeeded(relative(root, path).split(sep).join('/'))) rmSync(path)
  }
  // The deepest first: a folder may be empty only now.
  const byDepth = entries.filter(entry => entry.isDirectory()).map(entry => join(entry.parentPath, entry.name))
  for (const path of byDepth.toSorted((a, b) => b.length - a.length))
    if (readdirSync(path).length === 0) rmdirSync(path)
}

const [target] = process.argv.slice(2)
if (target === undefined) throw new Error('prune-image: which node_modules?')
prune(target)
