import type { Log } from '../log.ts'
import type { DiskLimits } from './embedded/disk-space.ts'
import type { Storage } from './storage.ts'

export type Stores =
  | { readonly kind: 'embedded'; readonly dataDir: string }
  | { readonly kind: 'production'; readonly databaseUrl: string; readonly redisUrl: string }

interface Options {
  /** Refuse to open while Redis is away. */
  readonly needsRedis: boolean
  readonly log: Log
  /** When the disk of an embedded database is low or full. */
  readonly disk: DiskLimits
  /** A lease lapsed while its holder was at work. */
  readonly onLeaseLost?: () => void
}

/**
 * One of the two sets of parts, whose code alone is loaded.
 * @throws {AppError} `data-dir.in-use`, `database.unreachable`, `redis.unreachable`
 */
export async function openStorage(stores: Stores, { needsRedis, log, disk, onLeaseLost }: Options): Promise<Storage> {
  if (stores.kind === 'embedded') {
    const { openEmbeddedStorage } = await import('./embedded-storage.ts')
    return openEmbeddedStorage({ dataDir: stores.dataDir, log, disk })
  }
  const { openPostgresStorage } = await import('./postgres-storage.ts')
  return openPostgresStorage({ ...stores, needsRedis, log, ...(onLeaseLost && { onLeaseLost }) })
}
