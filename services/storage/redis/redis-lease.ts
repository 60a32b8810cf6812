import { Mutex } from 'redis-semaphore'
import type { Log } from '../../log.ts'
import { AppError } from '../../errors.ts'
import type { Lease } from '../lease.ts'
import type { RedisConnections } from './redis-connection.ts'

/** Milliseconds. A holder that died lets go after this long; one that lives renews it four times as often. */
const LOCK_MS = 12_000
const options = { lockTimeout: LOCK_MS, refreshInterval: LOCK_MS / 4, acquireTimeout: 25_000, retryInterval: 25 }

/** While Redis is away the library's renewal would reject with nobody to hear it, which ends the process. */
class PatientMutex extends Mutex {
  protected override async _refresh(): Promise<boolean> {
    return super._refresh().catch(() => true)
  }
}

interface Deps {
  readonly connections: RedisConnections
  readonly local: Lease
  readonly log: Log
  readonly onLost?: (() => void) | undefined
}

/**
 * Across instances, after the turn within this one. Where Redis cannot say, the work goes on: the draft's version and the
 * activity's *done* mark decide, and the lease only spares the loser its run.
 */
export function createRedisLease({ connections, local, log, onLost }: Deps): Lease {
  const lost = (): void => {
    log.warn('lease.lost')
    onLost?.()
  }

  /** Undefined: Redis cannot say. `held`: another held it all the time. */
  async function acquire(name: string, patienceMs: number): Promise<Mutex | 'held' | undefined> {
    const mutex = new PatientMutex(connections.commands, `moussaada:lease:${name}`, {
      ...options,
      acquireTimeout: patienceMs,
      onLockLost: lost,
    })
    try {
      return (await mutex.tryAcquire()) ? mutex : 'held'
    } catch {
      return undefined
    }
  }

  async function holdAcross<T>(name: string, work: () => Promise<T>, patienceMs?: number): Promise<T> {
    const mutex = await acquire(name, patienceMs ?? options.acquireTimeout)
    if (mutex === 'held') {
      if (patienceMs !== undefined) throw new AppError('lease.timeout', `no turn within ${patienceMs} ms`)
      // A holder that never lets go must not keep a member from their turn for ever.
      return work()
    }
    try {
      return await work()
    } finally {
      await mutex?.release().catch(() => undefined)
    }
  }

  return {
    hold: (name, work, patienceMs) => local.hold(name, () => holdAcross(name, work, patienceMs), patienceMs),
    close: () => local.close(),
  }
}
