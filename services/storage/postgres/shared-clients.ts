import type { Client } from 'pg'
import type { HeldClient } from '../sql-database.ts'

export interface SharedClients {
  /** One on which the fewest statements are under way. */
  readonly share: () => Promise<HeldClient>
  /** How many are connected, and how many of those have nothing to do. */
  use(): { total: number; idle: number }
  /** Ends them; those that have statements under way when the last one has its answer. */
  close(): Promise<void>
}

/**
 * Clients that many use at once: pg sends a statement without waiting for the answer to the one before, so that those of
 * one moment leave in one write. PostgreSQL answers a client's statements in their order, each a transaction of its own:
 * one that waits for a lock holds up those behind it, hence several clients, and the least busy one. They are not of the
 * pool: when all connections die without a word, the pool's idle ones are as dead as the one to be replaced.
 *
 * @param connect makes a new one
 */
export function createSharedClients(connect: () => Promise<Client>, count: number): SharedClients {
  const slots = Array.from({ length: count }, () => createSlot(connect))
  return {
    share: async () => leastBusy(slots).use(),
    use() {
      const open = slots.map(slot => slot.users()).filter(users => users !== undefined)
      return { total: open.length, idle: open.filter(users => users === 0).length }
    },
    async close() {
      await Promise.all(slots.map(slot => slot.retire()))
    },
  }
}

interface Slot {
  /** Undefined while it is not open. */
  users(): number | undefined
  use(): Promise<HeldClient>
  /** Whoever comes next gets a new client. Resolves when this one is at its end, unless it is still used. */
  retire(): Promise<void>
}

const leastBusy = (slots: readonly Slot[]): Slot =>
  slots.reduce((best, slot) => ((slot.users() ?? 0) < (best.users() ?? 0) ? slot : best))

interface Current {
  readonly client: Promise<Client>
  users: number
  retired: boolean
}

function createSlot(connect: () => Promise<Client>): Slot {
  let current: Current | undefined

  async function retire(): Promise<void> {
    const retired = current
    current = undefined
    if (!retired) return
    retired.retired = true
    if (retired.users === 0) await end(retired.client)
  }

  function open(): Current {
    const opened: Current = { client: connect(), users: 0, retired: false }
    const lost = (): void => {
      if (current === opened) void retire()
    }
    // Without a listener the loss of a client that nobody waits for would end the process.
    opened.client.then(client => void client.on('error', lost).on('end', lost), lost)
    return opened
  }

  return {
    users: () => current?.users,
    retire,
    async use() {
      const mine = (current ??= open())
      mine.users++
      const release = (broken: boolean): void => {
        mine.users--
        if (broken && current === mine) void retire()
        else if (mine.retired && mine.users === 0) void end(mine.client)
      }
      const client = await mine.client.catch((error: unknown) => {
        release(true)
        throw error
      })
      return { client, release }
    },
  }
}

/** What is lost already has come to its end. */
async function end(client: Promise<Client>): Promise<void> {
  await client.then(open => open.end()).catch(() => undefined)
}
