/*
 * Turns places in dist into places in the sources: `node scripts/source-places.ts < lines-of-the-log`. The dist must be the
 * one that wrote them; its names carry a hash of what they hold.
 */
import { existsSync, readFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'dist')
const place = /(?:file:\/\/)?[^\s()"]*\/dist\/([\w.-]+\.mjs):(\d+):(\d+)/g
const maps = new Map<string, SourceMap | undefined>()

function mapOf(file: string): SourceMap | undefined {
  const path = join(dist, `${file}.map`)
  if (!maps.has(file))
    maps.set(file, existsSync(path) ? new SourceMap(JSON.parse(readFileSync(path, 'utf8'))) : undefined)
  return maps.get(file)
}

/** @param line as a stack counts it, from 1; as is `column` */
function sourceOf(file: string, line: number, column: number): string | undefined {
  const origin = mapOf(file)?.findOrigin(line, column)
  if (!origin || !('fileName' in origin)) return undefined
  // Made in a folder of its own, and then moved: how far up is not how far it was.
  const source = origin.fileName.replace(/^(?:\.\.\/)+/, '')
  return `${source}:${origin.lineNumber}:${origin.columnNumber}`
}

const lines = await text(process.stdin)
process.stdout.write(
  lines.replaceAll(place, (found: string, ...[file = '', line, column]: string[]) => {
    return sourceOf(file, Number(line), Number(column)) ?? found
  }),
)
