/*
 * Prints what opening the chat makes a browser fetch, compressed as served, and fails over the budget.
 * Counted as a first visit in one language: portal page, launcher, chat page and every script and style sheet they load.
 */
import { readFile, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const kib = 1024
const budget = { all: 380 * kib, launcher: 15 * kib, font: 60 * kib }
const dist = fileURLToPath(new URL('../web/dist/', import.meta.url))

const show = (bytes: number): string => `${(bytes / kib).toFixed(1).padStart(7)} KB`

async function compressedSize(file: string): Promise<number> {
  return (await stat(join(dist, `${file}.br`))).size
}

async function report(): Promise<string[]> {
  const assets = await readdir(join(dist, 'assets'))
  const counted = ['index.html', 'chat.html', 'widget.js']
  const scripts = assets.filter(name => /\.(js|css)$/.test(name)).map(name => `assets/${name}`)
  const sizes = new Map<string, number>()
  for (const file of [...counted, ...scripts]) sizes.set(file, await compressedSize(file))
  for (const [file, size] of sizes) console.log(`${show(size)}  ${file}`)
  const all = [...sizes.values()].reduce((sum, size) => sum + size, 0)
  console.log(`${show(all)}  all scripts, styles and pages, Brotli (budget ${budget.all / kib} KB)`)
  const faults = await fontFaults(assets.filter(name => name.endsWith('.woff2')))
  if (all > budget.all) faults.push(`the chat loads ${show(all).trim()}`)
  if ((sizes.get('widget.js') ?? 0) > budget.launcher) faults.push('widget.js is over its budget')
  return faults
}

async function fontFaults(fonts: string[]): Promise<string[]> {
  const faults: string[] = []
  for (const font of fonts) {
    const size = (await readFile(join(dist, 'assets', font))).length
    console.log(`${show(size)}  assets/${font}`)
    if (size > budget.font) faults.push(`${font} is over its budget`)
  }
  return faults
}

const faults = await report()
for (const fault of faults) console.error(`over budget: ${fault}`)
process.exitCode = faults.length > 0 ? 1 : 0
