import { PGlite, type PGliteOptions } from '@electric-sql/pglite'
import { DurableNodeFS } from './durable-node-fs.ts'
import { exitCodes } from './worker-exit.ts'

const settings = {
  wal_sync_method: 'fsync',
  // Bounds what is replayed after a crash: about a second.
  max_wal_size: '64MB',
  min_wal_size: '16MB',
  // 128 MB by default, all of it in this process; what we read again and again is far smaller.
  shared_buffers: '16MB',
  // Lower levels would print statements with their values.
  log_min_messages: 'fatal',
  log_min_error_statement: 'panic',
}

const startParams = [
  // -F turns syncing off.
  ...PGlite.defaultStartParams.filter(param => param !== '-F'),
  ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
]

/** After a panic PGlite goes on with a broken instance: end here, and let the next opening replay the log. */
function endOnPanic(line: string): boolean {
  if (/\b(PANIC|FATAL):/.test(line)) process.exit(exitCodes.panicked)
  return false
}

/** A database in `directory` whose commits reach the disk; made there when there is none. */
export function pgliteOptions(directory: string): PGliteOptions {
  return {
    fs: new DurableNodeFS(directory),
    startParams,
    initDbStartParams: ['--wal-segsize=4'],
    onStderr: endOnPanic,
  }
}
