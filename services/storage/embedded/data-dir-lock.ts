import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { AppError } from '../../errors.ts'

export interface DataDirLock {
  release(): void
}

/**
 * Makes this process the only owner of `dataDir`, which is created when missing.
 *
 * The lock is SQLite's exclusive lock on a file of its own. It belongs to the kernel (`fcntl`, `LockFileEx`), which drops
 * it with the process however that ends; so there is no stale lock, and no process id that another process, or a
 * container with process ids of its own, could be mistaken for.
 * @throws {AppError} `data-dir.in-use` when another process, or another part of this one, owns it; `database.unreachable`
 *   when it cannot be written
 */
export function lockDataDir(dataDir: string): DataDirLock {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    const file = lockFile(join(dataDir, 'owner.lock'))
    return { release: () => file.close() }
  } catch (error) {
    if (isBusy(error)) throw new AppError('data-dir.in-use', `DATA_DIR ${dataDir} is in use by another process`)
    throw new AppError('database.unreachable', `DATA_DIR ${dataDir} cannot be written`, { cause: error })
  }
}

function lockFile(path: string): DatabaseSync {
  makePrivate(path)
  const file = new DatabaseSync(path, { timeout: 0 })
  try {
    // Nothing is ever stored in it: no journal beside it, no sync.
    file.exec('PRAGMA journal_mode = OFF; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
    return file
  } catch (error) {
    file.close()
    throw error
  }
}

/**
 * SQLite would make the file for everybody to read, and whoever reads a file can lock it. It gives its journal the same
 * mode. The file is never opened when it is there: to close it would give up every lock of this process on it.
 */
function makePrivate(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch (error) {
    if (!isNodeError(error, 'EEXIST')) throw error
    setPrivate(path)
  }
}

function setPrivate(path: string): void {
  try {
    chmodSync(path, 0o600)
  } catch (error) {
    // A folder that was handed over from another user: the mode is theirs to set.
    if (!isNodeError(error, 'EPERM')) throw error
  }
}

const isNodeError = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code

/** SQLITE_BUSY, with or without one of its extensions in the higher bits. */
function isBusy(error: unknown): boolean {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'errcode') : undefined
  return typeof code === 'number' && (code & 0xff) === 5
}
