import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'

const writer = fileURLToPath(new URL('writer.ts', import.meta.url))

export interface WriterProcess {
  /** What it printed so far, a line each. */
  readonly lines: readonly string[]
  /** What it complained of. */
  readonly errors: readonly string[]
  line(pattern: RegExp): Promise<string>
  kill(): Promise<void>
  readonly ended: Promise<number | null>
}

/** With `commits` it closes the database and ends after so many. */
export function startWriter(dataDir: string, commits = Infinity): WriterProcess {
  const child = spawn(process.execPath, ['--liftoff-only', writer, dataDir, String(commits)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines = collect(child, 'stdout')
  const errors = collect(child, 'stderr')
  const ended = once(child, 'close').then(() => child.exitCode)
  return {
    lines,
    errors,
    ended,
    async line(pattern) {
      for (;;) {
        const found = lines.find(line => pattern.test(line))
        if (found !== undefined) return found
        if (child.exitCode !== null) throw new Error(`the writer ended with ${child.exitCode}: ${errors.join(' ')}`)
        await Promise.race([new Promise(resolve => setTimeout(resolve, 10)), ended])
      }
    },
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

function collect(child: ChildProcessByStdio<null, Readable, Readable>, stream: 'stdout' | 'stderr'): string[] {
  const lines: string[] = []
  createInterface(child[stream]).on('line', line => lines.push(line))
  return lines
}
