/*
 * The test command: `node scripts/test.ts [--full] [part of a path…]`.
 * Each file runs in a process of its own. What drives browsers or kills servers runs alone, after everything else.
 * `--full` runs the files that have a number in docs/reliability.md, with that number instead of its short form.
 */
import { spawnSync } from 'node:child_process'
import { glob, readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { bringRequirements } from './testing/requirements.ts'
import { runFile, type FileResult } from './testing/run-file.ts'

const alone = /^tests\/(web|faults)\//
/** Whoever imports it has a number in docs/reliability.md. */
const numbersModule = 'support/full-numbers.ts'
const {
  values: { full: isFull },
  positionals: filters,
} = parseArgs({ options: { full: { type: 'boolean', default: false } }, allowPositionals: true })
/** Milliseconds for one file. */
const limits = isFull ? { shared: 60 * 60_000, alone: 90 * 60_000 } : { shared: 10 * 60_000, alone: 15 * 60_000 }

async function findFiles(): Promise<string[]> {
  const files = (await Array.fromAsync(glob('tests/**/*.test.ts'))).map(file => file.replaceAll('\\', '/')).toSorted()
  const named = filters.length === 0 ? files : files.filter(file => filters.some(filter => file.includes(filter)))
  if (!isFull) return named
  const hasNumber = await Promise.all(named.map(async file => (await readFile(file, 'utf8')).includes(numbersModule)))
  return named.filter((_, index) => hasNumber[index])
}

/** @returns what keeps the tests from being a proof, each with its reason */
function prepare(files: readonly string[]): string[] {
  const faults = bringRequirements()
  if (!files.some(file => alone.test(file))) return faults
  // As for a first start: most tests begin with an empty database.
  const env = { PATH: process.env['PATH'], DATA_DIR: 'node_modules/.cache/none' }
  const { status } = spawnSync(process.execPath, ['scripts/prepare-start.ts'], { stdio: 'inherit', env })
  return status === 0 ? faults : [...faults, 'the web part or the first database cannot be made']
}

async function runAll(files: readonly string[], lanes: number, limit: number): Promise<FileResult[]> {
  const waiting = [...files]
  const results: FileResult[] = []
  const lane = async (): Promise<void> => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const result = await runFile(file, limit)
      results.push(result)
      show(result)
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return results
}

function show({ file, outcomes, seconds, output }: FileResult): void {
  const failures = outcomes.filter(({ error }) => error !== undefined)
  const mark = failures.length === 0 ? '✓' : '✗'
  console.log(`${mark} ${file} (${outcomes.length - failures.length} of ${outcomes.length}, ${seconds.toFixed(1)} s)`)
  if (failures.length === 0) return
  for (const { name, error } of failures) console.log(`  ✗ ${name}\n${indent(error ?? '')}`)
  if (output.trim() !== '') console.log(`  it printed:\n${indent(output.trimEnd())}`)
}

const indent = (text: string): string => text.replaceAll(/^/gm, '    ')

if (isFull) process.env['NUMBERS'] = 'full'
const files = await findFiles()
const faults = prepare(files)
const shared = files.filter(file => !alone.test(file))
const results = [
  ...(await runAll(shared, Math.max(2, availableParallelism()), limits.shared)),
  ...(await runAll(
    files.filter(file => alone.test(file)),
    1,
    limits.alone,
  )),
]
for (const fault of faults) console.log(`✗ ${fault}`)
const outcomes = results.flatMap(result => result.outcomes)
const failed = outcomes.filter(({ error }) => error !== undefined).length + faults.length
const passed = outcomes.filter(({ error }) => error === undefined).length
if (passed === 0) console.log('✗ no test passed')
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 || passed === 0 ? 1 : 0
