import { startPrivatePostgres, type PrivatePostgres } from '../../support/private-postgres.ts'
import { startPrivateRedis, type PrivateRedis } from '../../support/private-redis.ts'
import { ownFolder, startServer, type ServerProcess } from '../../support/server-process.ts'

export interface TwoStores {
  readonly postgres: PrivatePostgres
  readonly redis: PrivateRedis
  readonly databaseUrl: string
  readonly settings: Readonly<Record<string, string>>
  /** An instance of the assistant on both, with demo members. */
  start(settings?: Readonly<Record<string, string>>): Promise<ServerProcess>
  close(): Promise<void>
}

/** A PostgreSQL with an empty database and a Redis, for one test file. */
export async function openTwoStores(): Promise<TwoStores> {
  const [postgres, redis, folder] = await Promise.all([
    startPrivatePostgres(),
    startPrivateRedis(),
    ownFolder('two-stores'),
  ])
  const databaseUrl = await postgres.newDatabase()
  const settings = {
    DATABASE_URL: databaseUrl,
    REDIS_URL: redis.url,
    DEMO_DATA: 'on',
    SECRET_KEY: `first:${Buffer.alloc(32, 7).toString('base64')}`,
  }
  return {
    postgres,
    redis,
    databaseUrl,
    settings,
    start: more => startServer({ dataDir: folder.path, settings: { ...settings, ...more } }),
    async close() {
      await Promise.all([postgres.close(), redis.close(), folder.remove()])
    },
  }
}
