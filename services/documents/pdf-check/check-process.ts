import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { setPriority } from 'node:os'
import { dirname, join, parse } from 'node:path'
import { fileURLToPath } from 'node:url'

const SCRIPT = fileURLToPath(new URL('child-main.ts', import.meta.url))
const SHELL = '/bin/sh'

/**
 * Time of the processor and not of the clock: a busy machine must not make a good file look bad. The soft limit ends it
 * with SIGXCPU, which tells it from a process that the system killed; the hard one is for who ignores that.
 */
const CPU_SECONDS = 8
/** How far it gives way to members who talk meanwhile: while all processors are busy it still has a tenth of one. */
const NICE = 10
/** Address space that is written to. A process that has only just started asks for a third of it. */
const DATA_KIB = 2 * 1024 * 1024

/**
 * Limits that the kernel keeps, also when this process is gone or too busy to look: no core dump and no other file,
 * since either would put a member's papers on the disk; processor time; memory. Those that a system does not know, or
 * that are lower already, are passed over.
 */
const UNDER_LIMITS = [
  'ulimit -c 0',
  'ulimit -f 0',
  `ulimit -S -t ${CPU_SECONDS}`,
  `ulimit -H -t ${CPU_SECONDS + 1}`,
  `ulimit -d ${DATA_KIB}`,
  'exec "$0" "$@"',
].join('; ')

/** Starts a process that may read its own modules and nothing else: no other file, no environment, no further process. */
export function spawnCheckProcess() {
  const node = [
    '--permission',
    ...readableFiles().map(path => `--allow-fs-read=${path}`),
    '--max-old-space-size=256',
    '--disallow-code-generation-from-strings',
    '--no-addons',
    '--no-warnings',
    SCRIPT,
  ]
  const [command, ...rest] = existsSync(SHELL)
    ? ([SHELL, '-c', UNDER_LIMITS, process.execPath, ...node] as const)
    : ([process.execPath, ...node] as const)
  const child = spawn(command, rest, {
    env: {},
    cwd: parse(SCRIPT).root,
    stdio: ['pipe', 'pipe', 'ignore'],
    windowsHide: true,
  })
  return child
}

/** Once it has started: a start at low priority takes longer than a member waits on a busy machine. */
export function giveWay(pid: number): void {
  try {
    setPriority(pid, NICE)
  } catch {
    // It is gone already, which its reader is told, or the system does not let us.
  }
}

function readableFiles(): string[] {
  const locate = createRequire(import.meta.url)
  const pdfJs = dirname(locate.resolve('pdfjs-dist/package.json'))
  const pdfLib = dirname(dirname(locate.resolve('@cantoo/pdf-lib')))
  return [dirname(SCRIPT), pdfJs, pdfLib].map(folder => join(folder, '*'))
}
