import { rm } from 'node:fs/promises'
import { after, describe } from 'node:test'
import type { Log } from '../../../../services/log.ts'
import { openEmbeddedStorage } from '../../../../services/storage/embedded-storage.ts'
import { openPostgresStorage } from '../../../../services/storage/postgres-storage.ts'
import type { Storage } from '../../../../services/storage/storage.ts'
import { copyTemplate } from '../../../support/fresh-database.ts'
import { startPrivatePostgres, type PrivatePostgres } from '../../../support/private-postgres.ts'
import { startPrivateRedis, type PrivateRedis } from '../../../support/private-redis.ts'
import { silentLog } from '../../../support/silent-log.ts'

export interface Place {
  /** Opens the same data again and again; on PostgreSQL also at the same time. */
  open(log?: Log): Promise<Storage>
  /** Closes what is still open, and removes the data. */
  remove(): Promise<void>
}

export interface Column {
  readonly name: 'embedded' | 'PostgreSQL'
  /** A place whose database has the schema on the embedded side, and nothing on PostgreSQL: `migrate` levels it. */
  newPlace(): Promise<Place>
}

/** The same wishes, of both sets of parts. */
export function describeColumns(wish: string, define: (column: Column) => void): void {
  describe(`${wish}, embedded`, () => define({ name: 'embedded', newPlace: embeddedPlace }))
  describe(`${wish}, on PostgreSQL and Redis`, () => {
    let servers: Promise<[PrivatePostgres, PrivateRedis]> | undefined
    after(async () => Promise.all(((await servers) ?? []).map(server => server.close())))
    const started = () => (servers ??= Promise.all([startPrivatePostgres(), startPrivateRedis()]))
    define({ name: 'PostgreSQL', newPlace: async () => postgresPlace(...(await started())) })
  })
}

async function embeddedPlace(): Promise<Place> {
  const dataDir = await copyTemplate()
  return placeOf(
    log => openEmbeddedStorage({ dataDir, log }),
    () => rm(dataDir, { recursive: true }),
  )
}

async function postgresPlace(server: PrivatePostgres, redis: PrivateRedis): Promise<Place> {
  const databaseUrl = await server.newDatabase()
  return placeOf(
    log => openPostgresStorage({ databaseUrl, redisUrl: redis.url, log }),
    async () => undefined,
  )
}

function placeOf(open: (log: Log) => Promise<Storage>, remove: () => Promise<void>): Place {
  const opened = new Set<Storage>()
  return {
    async open(log = silentLog) {
      const storage = await open(log)
      opened.add(storage)
      const close = async (): Promise<void> => {
        if (opened.delete(storage)) await storage.close()
      }
      return { ...storage, close }
    },
    async remove() {
      await Promise.all([...opened].map(storage => storage.close()))
      await remove()
    },
  }
}
