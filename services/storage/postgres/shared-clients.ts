import type { PoolClient } from 'pg'
import type { HeldClient } from '../sql-database.ts'

export interface SharedClients {
  /** One on which the fewest statements are under way. */
  readonly share: () => Promise<HeldClient>
  /** Gives them back when their last statement has ended. */
  close(): void
}

/**
 * Clients that many use at once: pg sends a statement without waiting for the answer to the one before, so that those of
 * one moment leave in one write. PostgreSQL answers a client's statements in their order, each a transaction of its own:
 * one that waits for a lock holds up those behind it, hence several clients, and the least busy one.
 */
export function createSharedClients(connect: () => Promise<PoolClient>, count: number): SharedClients {
  const slots = Array.from({ length: count }, () => createSlot(connect))
  return {
    share: async () => leastBusy(slots).use(),
    close: () => slots.forEach(slot => slot.retire()),
  }
}

interface Slot {
  readonly users: () => number
  use(): Promise<HeldClient>
  /** Whoever comes next gets a new client. */
  retire(): void
}

const leastBusy = (slots: readonly Slot[]): Slot =>
  slots.reduce((best, slot) => (slot.users() < best.users() ? slot : best))

interface Current {
  readonly client: Promise<PoolClient>
  users: number
  retired: boolean
  broken: boolean
}

function createSlot(connect: () => Promise<PoolClient>): Slot {
  let current: Current | undefined

  function retire(broken = false): void {
    if (!current) return
    const { client } = current
    current.retired = true
    current.broken ||= broken
    if (current.users === 0) giveBack(client, current.broken)
    current = undefined
  }

  function open(): Current {
    const opened: Current = { client: connect(), users: 0, retired: false, broken: false }
    const lost = (): void => {
      opened.broken = true
      if (current === opened) retire(true)
    }
    // Without a listener the loss of a client that nobody waits for would end the process.
    opened.client.then(client => void client.on('error', lost), lost)
    return opened
  }

  return {
    users: () => current?.users ?? 0,
    retire,
    async use() {
      const mine = (current ??= open())
      mine.users++
      const release = (broken: boolean): void => {
        mine.users--
        if (broken && current === mine) retire(true)
        else if (mine.retired && mine.users === 0) giveBack(mine.client, mine.broken)
      }
      const client = await mine.client.catch((error: unknown) => {
        release(true)
        throw error
      })
      return { client, release }
    },
  }
}

function giveBack(client: Promise<PoolClient>, broken: boolean): void {
  client.then(
    held => held.release(broken),
    () => undefined,
  )
}
