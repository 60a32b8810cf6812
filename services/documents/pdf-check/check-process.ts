import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const script = fileURLToPath(new URL('child-main.ts', import.meta.url))
const shell = '/bin/sh'

/**
 * Limits that the kernel keeps, also when this process is gone: no core dump and no file, since either would put a
 * member's papers on the disk, and seconds of processor time, so that a file that makes the child turn for ever does
 * not do so for ever. A limit that is lower already cannot be raised, and need not be.
 */
const underLimits = 'ulimit -c 0; ulimit -f 0; ulimit -t 20; exec "$0" "$@"'

/** Starts a process that may read its own modules and nothing else: no other file, no environment, no further process. */
export function spawnCheckProcess() {
  const flags = [
    '--permission',
    ...readableModules().map(path => `--allow-fs-read=${path}`),
    '--max-old-space-size=256',
    '--disallow-code-generation-from-strings',
    '--no-warnings',
    script,
  ]
  const [command, ...rest] = existsSync(shell)
    ? ([shell, '-c', underLimits, process.execPath, ...flags] as const)
    : ([process.execPath, ...flags] as const)
  return spawn(command, rest, { env: {}, cwd: dirname(script), stdio: ['pipe', 'pipe', 'ignore'], windowsHide: true })
}

function readableModules(): string[] {
  const locate = createRequire(import.meta.url)
  const pdfJs = dirname(locate.resolve('pdfjs-dist/package.json'))
  const pdfLib = dirname(dirname(locate.resolve('@cantoo/pdf-lib')))
  return [join(dirname(script), '*'), join(pdfJs, '*'), join(pdfLib, '*')]
}
