import { mkdirSync } from 'node:fs'
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
 * @throws {AppError} `data-dir.in-use` when another process, or another part of this one, owns it
 */
export function lockDataDir(dataDir: string): DataDirLock {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const file = new DatabaseSync(join(dataDir, 'owner.lock'), { timeout: 0 })
  try {
    file.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch (error) {
    file.close()
    throw new AppError('data-dir.in-use', `DATA_DIR ${dataDir} is in use by another process`, { cause: error })
  }
  return { release: () => file.close() }
}
