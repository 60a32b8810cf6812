import { AppError } from '../../../services/errors.ts'
import type { Log } from '../../../services/log.ts'
import { REREAD_INTERVAL } from './limits.ts'

/** Milliseconds. What all sockets read by themselves is spread over ticks of this length. */
const TICK = 100
const SLOTS = REREAD_INTERVAL / TICK
/** Of those whose read has failed, so many are under way at once at most. */
const MOST_AT_ONCE = 64

/** Begins to read what is new to one socket. */
type Read = () => void

export interface Rereading {
  /** Has it read every 15 s without being told to, in case a notice was lost. @returns how to end that */
  join(read: Read): () => void
  worked(read: Read): void
  /** Has it read again, as soon as reads work. */
  failed(read: Read, error: unknown): void
  close(): void
}

/** Whether the same read may work in a moment: the database was away, or refused just this. */
export const canPass = (error: unknown): boolean =>
  error instanceof AppError && (error.code === 'database.unreachable' || error.code === 'database.failed')

/**
 * When sockets read without a notice, by one timer for all of them. While the database is away a single one tries, and
 * once that works, twice as many each time: ten thousand do not fall upon a database that has just come back.
 */
export function createRereading({ log }: { log: Log }): Rereading {
  const slots = Array.from({ length: SLOTS }, () => new Set<Read>())
  const waiting = new Set<Read>()
  const trying = new Set<Read>()
  let joined = 0
  let tick = 0
  let allowed = 1

  function retry(): void {
    for (const read of waiting) {
      if (trying.size >= allowed) return
      if (trying.has(read)) continue
      trying.add(read)
      read()
    }
  }

  const timer = setInterval(() => {
    tick = (tick + 1) % SLOTS
    for (const read of slots[tick] ?? []) if (!waiting.has(read)) read()
    retry()
  }, TICK).unref()

  function forget(read: Read): boolean {
    trying.delete(read)
    return waiting.delete(read)
  }

  return {
    join(read) {
      const slot = slots[joined++ % SLOTS]
      slot?.add(read)
      return () => {
        slot?.delete(read)
        forget(read)
      }
    },
    worked(read) {
      if (!forget(read)) return
      allowed = Math.min(allowed * 2, MOST_AT_ONCE)
      if (waiting.size === 0) log.info('directline.stream.resumed')
    },
    failed(read, error) {
      if (waiting.size === 0) {
        log.warn('directline.stream.waiting', { code: error instanceof AppError ? error.code : 'invariant' })
      }
      allowed = 1
      // Behind the others: one that fails by itself holds up nobody.
      forget(read)
      waiting.add(read)
    },
    close: () => clearInterval(timer),
  }
}
