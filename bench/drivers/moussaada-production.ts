import { randomBytes, randomUUID } from 'node:crypto'
import { createKeyring, generateSecretKey } from '../../services/keys/keyring.ts'
import { writeMembers } from '../../services/members/register.ts'
import { migrate } from '../../services/storage/migrate.ts'
import { openPostgresDatabase } from '../../services/storage/postgres/postgres-database.ts'
import { startPrivatePostgres, type PrivatePostgres } from '../../tests/support/private-postgres.ts'
import { startPrivateRedis, type PrivateRedis } from '../../tests/support/private-redis.ts'
import { ownFolder, startServer, type ServerProcess } from '../../tests/support/server-process.ts'
import { silentLog } from '../../tests/support/silent-log.ts'
import type { Identity } from '../identity.ts'
import type { Peer, RunningPeer } from '../peer.ts'
import { openSeat, type DirectLineSeat, type Door } from './direct-line-seat.ts'
import { filledServiceFile } from '../../tests/support/service-facts.ts'

/** A PostgreSQL and a Redis of the bench's own, which every round gets a fresh database of. */
export interface ProductionStores {
  readonly postgres: PrivatePostgres
  readonly redis: PrivateRedis
  /** Instances that were started on them, which end with them. */
  readonly started: Pick<ServerProcess, 'kill'>[]
  close(): Promise<void>
}

export async function openProductionStores(): Promise<ProductionStores> {
  const [postgres, redis] = await Promise.all([startPrivatePostgres(), startPrivateRedis()])
  const started: ProductionStores['started'] = []
  return {
    postgres,
    redis,
    started,
    async close() {
      await Promise.all(started.map(server => server.kill()))
      await Promise.all([postgres.close(), redis.close()])
    },
  }
}

/** An empty base with these members. */
export async function registerOf(
  databaseUrl: string,
  secretKey: string,
  identities: readonly Identity[],
): Promise<void> {
  const database = openPostgresDatabase({ databaseUrl, log: silentLog, connections: 1 })
  await migrate(database, { log: silentLog })
  const keyring = createKeyring(secretKey)
  const entries = identities.map(identity => ({ ...identity, relatives: [] }))
  await database.transaction(tx => writeMembers(tx, entries, { keyring, newId: randomUUID }))
  await database.close()
}

export interface Instance extends RunningPeer {
  readonly url: string
  readonly databaseUrl: string
  /** What a seat is opened with elsewhere. */
  readonly door: Pick<Door, 'port' | 'secret'>
  /** @param file what the member sends in place of a plain PDF */
  openSeat(identity: Identity, file?: Buffer): Promise<DirectLineSeat>
  /** All that it wrote so far. */
  output(): string
}

interface InstanceOptions {
  readonly identities: readonly Identity[]
  /** Besides its own. */
  readonly settings?: Readonly<Record<string, string>>
  /** Where another version of the product lies, built, to be compared with this one. */
  readonly cwd?: string
}

/** One instance as the ministry runs it: on PostgreSQL and Redis, tokens checked, through Direct Line. */
export async function startInProduction(stores: ProductionStores, options: InstanceOptions): Promise<Instance> {
  return (await prepareInProduction(stores, options)).start()
}

async function prepareInProduction(
  { postgres, redis, started }: ProductionStores,
  { identities, settings = {}, cwd = process.cwd() }: InstanceOptions,
) {
  const secretKey = generateSecretKey()
  const databaseUrl = await postgres.newDatabase()
  await registerOf(databaseUrl, secretKey, identities)
  const folder = await ownFolder('bench')
  const secret = randomBytes(32).toString('hex')
  const notice = { SERVICE_FILE: filledServiceFile, CNDP_REFERENCE: 'A-1/2026' }
  const urls = { DATABASE_URL: databaseUrl, REDIS_URL: redis.url, SECRET_KEY: secretKey }
  const own = { ...urls, ...notice, HOST: '127.0.0.1', DIRECTLINE_SECRET: secret }
  const launch = () => startServer({ dataDir: folder.path, cwd, settings: { ...own, ...settings } })
  // The first one makes the queues of the jobs; every other finds them.
  await (await launch()).stop()
  return {
    async start(): Promise<Instance> {
      const server = await launch()
      started.push(server)
      return { ...instanceOf(server, secret), databaseUrl, stop: () => server.stop().then(folder.remove) }
    },
  }
}

function instanceOf(server: ServerProcess, secret: string) {
  const port = Number(new URL(server.url).port)
  return {
    pid: server.pid,
    url: server.url,
    door: { port, secret },
    openSeat: (identity: Identity, file?: Buffer) => openSeat({ port, secret, file }, identity),
    output: () => server.output(),
  }
}

export const moussaadaInProduction = (stores: ProductionStores, identities: readonly Identity[]): Peer => ({
  name: 'Moussaada, PostgreSQL and Redis',
  prepare: () => prepareInProduction(stores, { identities }),
})
