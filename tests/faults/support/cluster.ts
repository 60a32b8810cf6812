import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { createKeyring, generateSecretKey } from '../../../services/keys/keyring.ts'
import { migrate } from '../../../services/storage/migrate.ts'
import { openPostgresDatabase } from '../../../services/storage/postgres/postgres-database.ts'
import { startFakeClamd } from '../../support/fake-clamd.ts'
import { startPrivatePostgres } from '../../support/private-postgres.ts'
import { startPrivateRedis } from '../../support/private-redis.ts'
import { ownFolder } from '../../support/server-process.ts'
import { silentLog } from '../../support/silent-log.ts'
import { baseOn } from './base.ts'
import { startInstance, type Instance } from './instance.ts'
import { enrol } from './register.ts'
import { startTcpProxy } from './tcp-proxy.ts'
import { filledServiceFile } from '../../support/service-facts.ts'

export type Cluster = Awaited<ReturnType<typeof startCluster>>

const PORTAL_SECRET = 'the-secret-that-only-the-portal-of-these-tests-knows'

/** The parts that both instances stand on, each gone with the test. */
async function startParts(members: number) {
  const [postgres, redis, clamd, temporary] = await Promise.all([
    startPrivatePostgres(),
    startPrivateRedis(),
    startFakeClamd(),
    ownFolder('instances'),
  ])
  const databaseUrl = await postgres.newDatabase()
  const databaseLine = await startTcpProxy(() => [postgres.port])
  const secretKey = generateSecretKey()
  const database = openPostgresDatabase({ databaseUrl, log: silentLog, connections: 4 })
  await migrate(database, { log: silentLog })
  const enrolled = await enrol(database, createKeyring(secretKey), members)
  return { postgres, redis, clamd, temporary, databaseUrl, databaseLine, secretKey, database, enrolled }
}

type Parts = Awaited<ReturnType<typeof startParts>>

function settingsOf({ databaseUrl, databaseLine, redis, clamd, secretKey, temporary }: Parts, publicUrl: string) {
  const url = new URL(databaseUrl)
  url.port = String(databaseLine.port)
  return {
    HOST: '127.0.0.1',
    PUBLIC_URL: publicUrl,
    DATABASE_URL: url.href,
    REDIS_URL: redis.url,
    CLAMD_URL: clamd.url,
    SECRET_KEY: secretKey,
    DIRECTLINE_SECRET: PORTAL_SECRET,
    SERVICE_FILE: filledServiceFile,
    CNDP_REFERENCE: 'A-1/2026',
    TMPDIR: temporary.path,
  }
}

/** Starts them all at once, as a rollout on an empty database does. */
async function startInstances(settings: Readonly<Record<string, string>>, count: number): Promise<Instance[]> {
  const started = await Promise.allSettled(Array.from({ length: count }, () => startInstance(settings)))
  const running = started.flatMap(each => (each.status === 'fulfilled' ? [each.value] : []))
  const failed = started.find(each => each.status === 'rejected')
  if (!failed) return running
  await Promise.all(running.map(instance => instance.kill()))
  throw failed.reason
}

async function closeParts({ databaseLine, database, postgres, redis, clamd, temporary }: Parts): Promise<void> {
  databaseLine.resume()
  await database.close()
  await Promise.all([databaseLine.close(), postgres.close(), redis.close(), clamd.close(), temporary.remove()])
}

interface ClusterOptions {
  /** How many are in the register. */
  readonly members: number
  readonly instances?: number
}

/**
 * Instances of the assistant on a PostgreSQL, reached through a line that can be held, a Redis and an antivirus, behind a
 * round robin that remembers nobody.
 */
async function startCluster({ members, instances: count = 2 }: ClusterOptions) {
  const parts = await startParts(members)
  const ports: number[] = []
  const balancer = await startTcpProxy(() => ports)
  const url = `http://127.0.0.1:${balancer.port}`
  const close = async (running: readonly Instance[]): Promise<void> => {
    await Promise.all(running.map(instance => instance.kill()))
    await balancer.close()
    await closeParts(parts)
  }
  const instances = await startInstances(settingsOf(parts, url), count).catch(async (error: unknown) => {
    await close([])
    throw error
  })
  ports.push(...instances.map(({ port }) => port))
  const { postgres, redis, clamd, databaseLine, database, enrolled } = parts
  return {
    ...{ url, postgres, redis, clamd, databaseLine, balancer, instances, enrolled },
    base: baseOn(database, parts.secretKey),
    /** How the foundation's portal lets its members in. */
    enter: (ppr: string) => tokenFor(url, ppr),
    /** @returns the status with which the portal is answered when it asks once */
    knock: async (ppr: string) => (await askForToken(url, ppr)).status,
    /** Lines that instances wrote about something broken, of all their lives. */
    errors: () => instances.flatMap(instance => instance.errors()),
    close: () => close(instances),
  }
}

/** A cluster of this suite's own. @returns the way to it, for as long as the suite runs */
export function useCluster(options: ClusterOptions): () => Cluster {
  let cluster: Cluster | undefined
  before(async () => void (cluster = await startCluster(options)))
  after(async () => {
    for (const line of cluster?.errors() ?? []) console.error(line)
    await cluster?.close()
  })
  return () => {
    assert.ok(cluster, 'the cluster runs')
    return cluster
  }
}

/** Milliseconds for which the portal asks again while the service says that it cannot answer. */
const PORTAL_PATIENCE = 60_000

async function tokenFor(url: string, ppr: string): Promise<unknown> {
  for (const end = Date.now() + PORTAL_PATIENCE; ; await delay(500)) {
    const response = await askForToken(url, ppr)
    if (response.status === 200) return response.json()
    if (response.status !== 503 || Date.now() > end) throw new Error(`the portal was refused with ${response.status}`)
  }
}

const askForToken = (url: string, ppr: string): Promise<Response> =>
  fetch(`${url}/v3/directline/tokens/generate`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${PORTAL_SECRET}`, connection: 'close' },
    body: JSON.stringify({ user: { id: `dl_${ppr}` } }),
    signal: AbortSignal.timeout(60_000),
  })
