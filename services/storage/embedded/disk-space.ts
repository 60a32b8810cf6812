import { statfsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Log } from '../../log.ts'
import type { Space, SpaceState } from '../space.ts'
import { createBallast } from './ballast.ts'

const MB = 1024 * 1024

export interface DiskLimits {
  /** Bytes, and percent of the disk; the greater counts. Below it no file is taken. */
  readonly lowBytes: number
  readonly lowPercent: number
  /** Bytes. Below it nothing is written: the log of the database, its checkpoint and the turn in hand still fit. */
  readonly fullBytes: number
}

export const defaultDiskLimits: DiskLimits = { lowBytes: 1024 * MB, lowPercent: 5, fullBytes: 200 * MB }

/** The disk under `DATA_DIR`. */
export interface DiskSpace extends Space {
  /** Whether a row of a few bytes may still be written, such as a session: a quarter of what full means is left for those. */
  hasRoomForLittle(): boolean
  /** The database is about to be opened, which needs space for itself: gives it what was set aside where there is none. */
  beforeOpening(): void
  /** Resolves once something can be written; the operator is told before it waits. */
  untilWritable(): Promise<void>
  close(): void
}

interface Options {
  readonly dataDir: string
  readonly limits: DiskLimits
  readonly log: Log
  /** Free bytes and all bytes of the disk that `path` lies on. */
  readonly measure?: (path: string) => { readonly free: number; readonly total: number }
}

/** Milliseconds that a look at the disk is good for. */
const FRESH_MS = 250
/** Milliseconds. The state is looked at also when nobody asks, so that the operator hears of it. */
const LOOK_MS = 2_000
/** What was full is so until a quarter more is free: it does not come and go with every message. */
const REST = 1.25

function ofDisk(path: string): { free: number; total: number } {
  const { bavail, bsize, blocks } = statfsSync(path)
  return { free: bavail * bsize, total: blocks * bsize }
}

/** Knows how much is free, and tells the operator once when that changes what members can do. */
export function createDiskSpace({ dataDir, limits, log, measure = ofDisk }: Options): DiskSpace {
  const ballast = createBallast(join(dataDir, 'ballast'))
  let seen = { free: Infinity, total: Infinity }
  let seenAt = -Infinity
  let state: SpaceState = 'ample'

  function stateOf({ free, total }: typeof seen): SpaceState {
    const factor = state === 'full' ? REST : 1
    if (free < limits.fullBytes * factor) return 'full'
    const low = Math.max(limits.lowBytes, (total * limits.lowPercent) / 100)
    return free < low * (state === 'ample' ? 1 : REST) ? 'low' : 'ample'
  }

  function tell(): void {
    const freeMB = Math.floor(seen.free / MB)
    if (state === 'ample') return log.info('storage.ample', { dataDir, freeMB })
    const low = Math.max(limits.lowBytes, (seen.total * limits.lowPercent) / 100)
    const neededMB = Math.ceil(((state === 'full' ? limits.fullBytes : low) * REST) / MB)
    if (state === 'low') return log.warn('storage.low', { dataDir, freeMB, neededMB, effect: 'no files are taken' })
    const todo = 'free or add space on the disk of DATA_DIR; nothing is lost, and the service goes on by itself'
    log.error('storage.full', { dataDir, freeMB, neededMB, effect: 'read-only', todo })
  }

  function look(): SpaceState {
    const at = performance.now()
    if (at - seenAt < FRESH_MS) return state
    seenAt = at
    seen = measure(dataDir)
    const before = state
    state = stateOf(seen)
    if (state !== before) tell()
    return state
  }

  const timer = setInterval(() => {
    if (look() !== 'full') ballast.keep(seen.free - limits.fullBytes * REST)
  }, LOOK_MS).unref()

  return {
    state: look,
    hasRoomForLittle: () => look() !== 'full' || seen.free > limits.fullBytes / 4,
    beforeOpening() {
      if (look() === 'full') ballast.release()
    },
    async untilWritable() {
      while (look() === 'full') await delay(FRESH_MS * 2)
    },
    close: () => clearInterval(timer),
  }
}
