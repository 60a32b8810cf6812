import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { outcomeSchema, type Outcome } from './outcome.ts'

export interface FileResult {
  readonly file: string
  readonly outcomes: readonly Outcome[]
  readonly seconds: number
  /** What it printed, the end of it. */
  readonly output: string
}

/** Node says so of what leaks or is forgotten; in the output of a test that passes nobody would see it. */
const warning = /^\(node:\d+\) (?!.*(?:Deprecation|Experimental)Warning: ).*Warning: .*$/m

const reporter = fileURLToPath(new URL('reporter.ts', import.meta.url))

/**
 * Runs one test file in a process group of its own, which ends with it, also when it takes longer than `limit` ms.
 * @param cwd the tree that holds it; this one by default
 */
export async function runFile(file: string, limit: number, cwd = process.cwd()): Promise<FileResult> {
  const home = await mkdtemp(join(tmpdir(), 'moussaada-run-'))
  const report = join(home, 'outcomes')
  const began = performance.now()
  const { fault, output } = await execute(
    [`--test-reporter=${reporter}`, `--test-reporter-destination=${report}`, file],
    { limit, cwd },
  )
  const outcomes = readOutcomes(await readFile(report, 'utf8').catch(() => ''))
  await rm(home, { recursive: true })
  const seconds = (performance.now() - began) / 1000
  return { file, outcomes: [...outcomes, ...faultsOf(outcomes, fault)], seconds, output }
}

function readOutcomes(report: string): Outcome[] {
  const lines = report.split('\n').filter(line => line !== '')
  return lines.map(line => outcomeSchema.parse(JSON.parse(line)))
}

/** What no test of the file says of itself. */
function faultsOf(outcomes: readonly Outcome[], fault: string | undefined): Outcome[] {
  const hasFailed = outcomes.some(({ error }) => error !== undefined)
  if (fault !== undefined && !hasFailed) return [{ name: 'the file as a whole', error: fault }]
  return outcomes.length === 0 ? [{ name: 'the file as a whole', error: 'it has no test' }] : []
}

interface Ended {
  readonly fault: string | undefined
  readonly output: string
}

async function execute(args: readonly string[], { limit, cwd }: { limit: number; cwd: string }): Promise<Ended> {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const child = spawn(process.execPath, args, { env, cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  const chunks: string[] = []
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', text => chunks.push(String(text)))
  let isLate = false
  const timer = setTimeout(() => {
    isLate = true
    endGroup(child.pid)
  }, limit)
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>(resolve =>
    child.once('exit', (...result) => resolve(result)),
  )
  clearTimeout(timer)
  // Servers and browsers that a test did not stop.
  endGroup(child.pid)
  const written = chunks.join('')
  const output = written.slice(-20_000)
  if (isLate) return { fault: `it did not end within ${limit / 1000} s`, output }
  if (code !== 0) return { fault: `its process ended with ${code ?? signal}`, output }
  return { fault: warning.exec(written)?.[0], output }
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // There is nobody left in it.
  }
}
