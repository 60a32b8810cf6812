import { AppError } from '../../errors.ts'
import type { ClientSource, HeldClient } from '../sql-database.ts'
import type { DiskSpace } from './disk-space.ts'
import type { EmbeddedClient } from './embedded-client.ts'
import { createTurnLock, type Mode } from './turn-lock.ts'

/**
 * The one client of the embedded database. A transaction has it alone; single statements share it, so that the database
 * finds the next one waiting when it has answered one. A client that broke is opened again for whoever comes next.
 */
export function createSingleClient(open: () => Promise<EmbeddedClient>, space?: DiskSpace): ClientSource {
  const lock = createTurnLock()
  let current: Promise<EmbeddedClient> | undefined
  let closed = false

  async function reopen(broken: EmbeddedClient | undefined): Promise<EmbeddedClient> {
    await broken?.close()
    return open()
  }

  async function usable(): Promise<EmbeddedClient> {
    const found = current
    // One that did not open is none.
    const known = await found?.catch(() => undefined)
    if (known && !known.isBroken()) return known
    // Who shares it may have come by here at the same time.
    if (current !== found) return usable()
    current = reopen(known)
    return current
  }

  async function drop(): Promise<void> {
    const dropped = await current?.catch(() => undefined)
    current = undefined
    await dropped?.close()
  }

  async function dropNext(): Promise<void> {
    const leave = await lock.enterNext('alone')
    await drop().finally(leave)
  }

  async function hold(mode: Mode): Promise<HeldClient> {
    const leave = await lock.enter(mode)
    try {
      if (closed) throw new AppError('database.unreachable', 'the database is closed')
      const embedded = await usable()
      if (space) await embedded.allowWrites(space.state() !== 'full')
      const { client } = embedded
      const release = (broken: boolean): void => {
        if (broken) void dropNext()
        leave()
      }
      return { client, release }
    } catch (error) {
      leave()
      throw error
    }
  }

  return {
    acquire: () => hold('alone'),
    share: () => hold('together'),
    assertRoomForLittle() {
      if (space && !space.hasRoomForLittle()) throw new AppError('storage.full', 'the disk of DATA_DIR is full')
    },
    async close() {
      const leave = await lock.enter('alone')
      closed = true
      await drop().finally(leave)
    },
  }
}
