import { AppError } from '../../errors.ts'
import type { Lease } from '../lease.ts'

/** Milliseconds. */
const waitLimit = 30_000

/** Within this process, in the order of asking. */
export function createInProcessLease({ limit = waitLimit } = {}): Lease {
  /** Who waits for each name that is held. */
  const held = new Map<string, (() => void)[]>()

  const acquire = async (name: string, patienceMs: number): Promise<void> => {
    const waiting = held.get(name)
    if (!waiting) return void held.set(name, [])
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    waiting.push(resolve)
    const timer = setTimeout(() => {
      waiting.splice(waiting.indexOf(resolve), 1)
      reject(new AppError('lease.timeout', `no turn within ${patienceMs} ms`))
    }, patienceMs)
    await promise.finally(() => clearTimeout(timer))
  }

  const release = (name: string): void => {
    const next = held.get(name)?.shift()
    if (next) next()
    else held.delete(name)
  }

  return {
    async hold(name, work, patienceMs = limit) {
      await acquire(name, patienceMs)
      try {
        return await work()
      } finally {
        release(name)
      }
    },
    async close() {
      held.clear()
    },
  }
}
