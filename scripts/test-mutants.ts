/*
 * `npm run test:mutants [-- part of a path…]`: breaks the product in one place after another, in a copy, and expects that a
 * test fails each time. A mutant that no test notices, or that no longer fits the code, is a failure.
 */
import { spawnSync } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { mutantsOfBot } from '../tests/mutants/bot.ts'
import { mutantsOfDialogs } from '../tests/mutants/dialogs.ts'
import type { Mutant } from '../tests/mutants/mutant.ts'
import { mutantsOfServices } from '../tests/mutants/services.ts'
import { runFile } from './testing/run-file.ts'

/** Milliseconds for one test file. One that hangs has noticed something. */
const LIMIT = 5 * 60_000
const filters = process.argv.slice(2)
const mutants = [...mutantsOfServices, ...mutantsOfDialogs, ...mutantsOfBot].filter(
  ({ file }) => filters.length === 0 || filters.some(filter => file.includes(filter)),
)

/** A copy of the working tree, in which files may be broken. Links, so that it costs neither time nor space. */
async function copyTree(): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'moussaada-mutants-'))
  const { stdout } = spawnSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    encoding: 'utf8',
  })
  for (const file of stdout.split('\0').filter(Boolean)) await cp(file, join(copy, file))
  for (const built of ['node_modules', 'web/dist'])
    spawnSync('cp', ['-al', built, join(copy, built)], { stdio: 'inherit' })
  return copy
}

type Result = 'noticed' | 'not noticed' | 'does not fit'

async function tryOne(copy: string, { file, from, to, tests }: Mutant): Promise<Result> {
  const path = join(copy, file)
  const whole = await readFile(path, 'utf8')
  if (whole.split(from).length !== 2) return 'does not fit'
  await writeFile(
    path,
    whole.replace(from, () => to),
  )
  try {
    for (const test of tests) {
      const { outcomes } = await runFile(test, LIMIT, copy)
      if (outcomes.some(({ error }) => error !== undefined)) return 'noticed'
    }
    return 'not noticed'
  } finally {
    await writeFile(path, whole)
  }
}

/** What fails without a mutant notices nothing. */
async function failingUnbroken(copy: string): Promise<string[]> {
  const failing: string[] = []
  for (const test of new Set(mutants.flatMap(({ tests }) => tests))) {
    const { outcomes } = await runFile(test, LIMIT, copy)
    if (outcomes.some(({ error }) => error !== undefined)) failing.push(test)
  }
  return failing
}

const waiting = [...mutants]
const results: Result[] = []
async function lane(copy: string): Promise<void> {
  for (let mutant = waiting.shift(); mutant; mutant = waiting.shift()) {
    const result = await tryOne(copy, mutant)
    results.push(result)
    if (result !== 'noticed') console.log(`✗ ${result}: ${mutant.file}\n    - ${mutant.from}\n    + ${mutant.to}`)
    else console.log(`✓ ${mutant.file}: ${mutant.from.trim().split('\n')[0]}`)
  }
  await rm(copy, { recursive: true })
}

const first = await copyTree()
const failing = await failingUnbroken(first)
for (const test of failing) console.log(`✗ it fails by itself: ${test}`)
const others = Array.from({ length: availableParallelism() - 1 }, copyTree)
if (failing.length === 0) await Promise.all([lane(first), ...others.map(async copy => lane(await copy))])
const noticed = results.filter(result => result === 'noticed').length
console.log(`${noticed} passed, ${results.length - noticed} failed`)
process.exitCode = noticed === results.length && noticed > 0 ? 0 : 1
