import type { Config } from '../config.ts'
import type { Watch } from '../bot/watch.ts'
import { createKnownDevices } from '../services/accounts/known-devices.ts'
import { createLiveness } from '../services/accounts/liveness.ts'
import { createPasswords } from '../services/accounts/passwords.ts'
import { createSessions } from '../services/accounts/sessions.ts'
import { createSignInDelays } from '../services/accounts/sign-in-delays.ts'
import { createSignIn } from '../services/accounts/sign-in.ts'
import { createStreamTickets } from '../services/accounts/stream-tickets.ts'
import { createKeyring, type Keyring } from '../services/keys/keyring.ts'
import { loadOrCreateSecretKey } from '../services/keys/secret-key-file.ts'
import { seedDemoMembers } from '../services/members/demo-members.ts'
import { meteredStorage, meteredSubmissions } from '../services/metrics/metered.ts'
import { createServices } from '../services/services.ts'
import { migrate } from '../services/storage/migrate.ts'
import { warnOfTimeZoneData } from '../services/storage/time-zone-data.ts'
import { essentialWrites } from '../services/storage/essential-writes.ts'
import type { Storage } from '../services/storage/storage.ts'
import { tracedJobs } from '../services/tracing/traced-jobs.ts'
import { newId, now } from './clock.ts'

/** What was begun before the rest was loaded. */
export interface Opening {
  /** Undefined: made at the first start, where the data lie. */
  readonly given: Keyring | undefined
  readonly opening: Promise<Storage>
}

async function generatedKeyring({ stores }: Config): Promise<Keyring> {
  return createKeyring(stores.kind === 'embedded' ? await loadOrCreateSecretKey(stores.dataDir) : '')
}

/** The stores, brought up to date, and what is true over them. */
export async function openBase(config: Config, { log, metrics, tracing }: Watch, { given, opening }: Opening) {
  const opened = await opening
  const storage = meteredStorage({ ...opened, jobs: tracedJobs(opened.jobs, tracing) }, metrics)
  const { database } = storage
  await migrate(database, { log })
  // Nobody waits for it: it is about what an operator should look at.
  const server = config.stores.kind === 'embedded' ? undefined : database
  warnOfTimeZoneData({ database: server, log, now }).catch(() => undefined)
  const keyring = given ?? (await generatedKeyring(config))
  const passwords = createPasswords()
  if (config.demoData) await seedDemoMembers({ database, passwords, keyring, newId })
  // Who cannot sign in cannot read either.
  const essential = essentialWrites(database, () => storage.space.state() === 'full')
  const delays = createSignInDelays({ database: essential, keyring, now })
  const sessions = createSessions({ database: essential, eventBus: storage.eventBus, now })
  const liveness = createLiveness({ ...storage, now })
  const streamTickets = createStreamTickets({ database: essential, now })
  const devices = createKnownDevices({ keyring, now })
  const signIn = createSignIn({ database: essential, passwords, delays, devices })
  const stored = createServices({
    database,
    keyring,
    now,
    newId,
    currentTrace: tracing.current,
    limits: config.quota,
    space: storage.space,
  })
  const services = { ...stored, submissions: meteredSubmissions(stored.submissions, metrics) }
  return { storage, metrics, tracing, keyring, delays, sessions, liveness, streamTickets, devices, signIn, services }
}
export type Base = Awaited<ReturnType<typeof openBase>>
