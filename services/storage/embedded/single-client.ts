import { AppError } from '../../errors.ts'
import type { ClientSource } from '../sql-database.ts'
import type { EmbeddedClient } from './embedded-client.ts'

/**
 * The one client of the embedded database, to one holder after the other: the mutex that everything shares. A client
 * that broke is opened again for the next holder.
 */
export function createSingleClient(open: () => Promise<EmbeddedClient>): ClientSource {
  let current: EmbeddedClient | undefined
  let last: Promise<void> = Promise.resolve()
  let closed = false

  const turn = async (): Promise<() => void> => {
    const before = last
    const { promise, resolve } = Promise.withResolvers<void>()
    last = promise
    await before
    return resolve
  }

  const drop = async (): Promise<void> => {
    const dropped = current
    current = undefined
    await dropped?.close()
  }

  return {
    async acquire() {
      const done = await turn()
      try {
        if (closed) throw new AppError('database.unreachable', 'the database is closed')
        if (current?.isBroken()) await drop()
        const { client } = (current ??= await open())
        return { client, release: broken => void (broken ? drop() : Promise.resolve()).finally(done) }
      } catch (error) {
        done()
        throw error
      }
    },
    async close() {
      const done = await turn()
      closed = true
      await drop().finally(done)
    },
  }
}
