import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const unfinished = 'first-start-unfinished'

/**
 * A first start that was cut off leaves a database that cannot be opened. A marker lies in the directory until everything
 * is on the disk; where it is found, nothing was ever acknowledged, and the start begins anew.
 * @returns whether this is a first start
 */
export function beginFirstStart(directory: string): boolean {
  if (existsSync(join(directory, unfinished))) rmSync(directory, { recursive: true })
  if (existsSync(directory)) return false
  mkdirSync(directory, { mode: 0o700 })
  writeFileSync(join(directory, unfinished), '')
  sync(directory)
  sync(dirname(directory))
  return true
}

/** Everything is there: brings it to the disk, and takes the marker away. */
export function endFirstStart(directory: string): void {
  syncTree(directory)
  rmSync(join(directory, unfinished))
  sync(directory)
}

function syncTree(directory: string): void {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name)
    if (entry.isDirectory()) syncTree(path)
    else sync(path)
  }
  sync(directory)
}

function sync(path: string): void {
  const file = openSync(path, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
