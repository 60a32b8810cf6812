import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { createBot } from './bot/bot.ts'
import { installDirectLine } from './bot/channels/directline/direct-line.ts'
import { createHttpServer, type HttpServer } from './bot/http/http-server.ts'
import { installMetrics } from './bot/http/metrics-route.ts'
import { loadStaticFiles } from './bot/http/static-files.ts'
import { createTeamsIdentity } from './bot/channels/teams/identity.ts'
import { installTab } from './bot/channels/teams/tab-route.ts'
import { freePort } from './bot/http/free-port.ts'
import { openOperatorDoor } from './bot/operator/operator-door.ts'
import { openCloud, type Cloud } from './bot/microsoft-cloud.ts'
import { stopOnSignal } from './bot/stop-on-signal.ts'
import { openWatch, type Watch } from './bot/watch.ts'
import { loadConfig, type Config } from './config.ts'
import { createWording } from './dialogs/wording.ts'
import { createTranslators } from './locales/translator.ts'
import { createPasswords } from './services/accounts/passwords.ts'
import { createSessions } from './services/accounts/sessions.ts'
import { createSignInDelays } from './services/accounts/sign-in-delays.ts'
import { createSignIn } from './services/accounts/sign-in.ts'
import { openFileCheck } from './services/documents/file-check.ts'
import { AppError } from './services/errors.ts'
import { scheduleHousekeeping } from './services/housekeeping.ts'
import { createKeyring, type Keyring } from './services/keys/keyring.ts'
import { loadOrCreateSecretKey } from './services/keys/secret-key-file.ts'
import type { Log } from './services/log.ts'
import { hasDemoMembers, seedDemoMembers } from './services/members/demo-members.ts'
import { meteredStorage, meteredSubmissions } from './services/metrics/metered.ts'
import { createRegisterImport } from './services/members/register-import.ts'
import { createServices } from './services/services.ts'
import { openEmbeddedStorage } from './services/storage/embedded-storage.ts'
import { migrate } from './services/storage/migrate.ts'
import { openPostgresStorage } from './services/storage/postgres-storage.ts'
import type { Storage } from './services/storage/storage.ts'
import { tracedJobs } from './services/tracing/traced-jobs.ts'

const now = () => new Date()
const newId = () => randomUUID()

async function openStorage({ stores, production }: Config, log: Log): Promise<Storage> {
  if (stores.kind === 'embedded') return openEmbeddedStorage({ dataDir: stores.dataDir, log })
  return openPostgresStorage({ ...stores, needsRedis: production, log })
}

async function generatedKeyring({ stores }: Config): Promise<Keyring> {
  return createKeyring(stores.kind === 'embedded' ? await loadOrCreateSecretKey(stores.dataDir) : '')
}

/** The stores, brought up to date, and what is true over them. */
async function openBase(config: Config, { log, metrics, tracing }: Watch) {
  // Before anything is made on a disk: a key that is no key refuses the start.
  const given = config.secretKey === undefined ? undefined : createKeyring(config.secretKey)
  const opened = await openStorage(config, log)
  const storage = meteredStorage({ ...opened, jobs: tracedJobs(opened.jobs, tracing) }, metrics)
  const { database } = storage
  await migrate(database, { log })
  const keyring = given ?? (await generatedKeyring(config))
  const passwords = createPasswords()
  if (config.demoData) await seedDemoMembers({ database, passwords, keyring, newId })
  const delays = createSignInDelays({ database, keyring, now })
  const sessions = createSessions({ database, now })
  const signIn = createSignIn({ database, passwords, delays })
  const stored = createServices({ database, keyring, now, newId, currentTrace: tracing.current })
  const services = { ...stored, submissions: meteredSubmissions(stored.submissions, metrics) }
  return { storage, metrics, tracing, keyring, delays, sessions, signIn, services }
}
type Base = Awaited<ReturnType<typeof openBase>>

/** The assistant, and the work that comes by itself. */
function openBot({ config, publicUrl, base, cloud, log }: Omit<WebParts, 'bot'>) {
  const { storage, keyring, sessions, delays, metrics, tracing } = base
  const services = { ...base.services, submissions: cloud.announcing(base.services.submissions) }
  const pdfCheck = openFileCheck({ ...config.operations, log, metrics })
  const translators = createTranslators()
  const wording = createWording(config, translators)
  const known = { ...storage, ...services, keyring, translators, wording, publicUrl, now }
  const identity = config.teams && createTeamsIdentity({ ...known, directory: cloud.directory })
  const speaking = { translators, wording, ...identity }
  const turns = createBot({ services, pdfCheck, storage, log, metrics, tracing, now, newId, ...speaking })
  scheduleHousekeeping({ ...services, sessions, delays, teamsLinks: identity?.links, jobs: storage.jobs, log, now })
  return { pdfCheck, translators, turns, identity }
}
type Bot = ReturnType<typeof openBot>

interface WebParts {
  readonly config: Config
  readonly publicUrl: string
  readonly base: Base
  readonly bot: Bot
  readonly cloud: Cloud
  readonly log: Log
}

/** The pages, sign-in and the chat's routes; nothing listens yet. */
async function openWeb({ config, publicUrl, base, bot, log }: WebParts) {
  const { storage, metrics, tracing, keyring, signIn, sessions, services } = base
  const { database } = storage
  const common = { ...storage, ...services, keyring, log, metrics, tracing, now, newId }
  const server = createHttpServer({
    ...common,
    settings: { publicUrl, allowedOrigins: config.allowedOrigins, trustedProxies: config.trustedProxies },
    signIn,
    sessions,
    files: await loadStaticFiles(fileURLToPath(new URL('web/dist', import.meta.url))),
    hasDemoMembers: () => hasDemoMembers(database),
    mintToken: memberId => directLine.tokenFor(memberId),
    onSignOut: memberId => directLine.disconnect(memberId),
  })
  const directLine = installDirectLine(server.restify, {
    ...common,
    publicUrl,
    turns: bot.turns,
    http: server.http,
    allowedOrigins: server.origins.allowed,
    directLineSecret: config.directLineSecret,
    openDraftOf: memberId => services.drafts.stepOf(memberId),
    botName: language => bot.translators[language].t('app.name'),
  })
  installMetrics(server.restify, {
    registry: metrics,
    access: { token: config.operations.metricsToken, openOnLoopback: !config.production },
    sources: {
      ...storage,
      socketsOpen: directLine.socketsOpen,
      pdfChecks: bot.pdfCheck.load,
      leases: storage.lease.load,
      now,
    },
  })
  return { server, directLine }
}

/** Microsoft's library is slow to load: only where there is a Teams to speak to. */
async function openTeams({ config, publicUrl, base, bot, cloud, log }: WebParts, { restify, origins }: HttpServer) {
  const { teams: settings, trustedProxies } = config
  const { identity } = bot
  const { tokens } = cloud
  if (!settings || !identity || !tokens) return undefined
  installTab(restify, { publicUrl })
  const { installTeams } = await import('./bot/channels/teams/teams.ts')
  const { storage, services, signIn, sessions } = base
  const page = { signIn, sessions, origins, publicUrl, trustedProxies }
  return installTeams(restify, { ...storage, ...services, ...bot, settings, tokens, identity, page, log, now })
}

/** The operator's commands reach an embedded database through its owner, this process. */
async function openDoor({ stores }: Config, { storage, keyring }: Base, log: Log) {
  if (stores.kind !== 'embedded') return undefined
  const registerImport = createRegisterImport({ database: storage.database, keyring, newId })
  return openOperatorDoor({ dataDir: stores.dataDir, registerImport, log })
}

async function start(config: Config, watch: Watch): Promise<() => Promise<void>> {
  const { log } = watch
  const port = config.port === 0 ? await freePort(config.host) : config.port
  const publicUrl = config.publicUrl ?? `http://localhost:${port}`
  const base = await openBase(config, watch)
  const { documents } = base.services
  const cloud = await openCloud({ ...config, ...base, wordingSettings: config, publicUrl, documents, log, now })
  const bot = openBot({ config, publicUrl, base, cloud, log })
  const web = { config, publicUrl, base, bot, cloud, log }
  const { server, directLine } = await openWeb(web)
  const teams = await openTeams(web, server)
  await base.storage.jobs.start()
  bot.turns.start()
  teams?.start()
  const door = await openDoor(config, base, log)
  await server.listen(port, config.host)
  process.stdout.write(`Moussaada: ${publicUrl}\n`)

  return async function stop() {
    server.drain()
    await directLine.close()
    await server.close()
    await Promise.all([door?.close(), bot.turns.stop(), teams?.stop(), base.storage.jobs.stop()])
    await bot.pdfCheck.close()
    await base.storage.close()
    await watch.close()
  }
}

const loaded = loadConfig(process.env)
if (!loaded.ok) {
  for (const problem of loaded.problems) process.stderr.write(`config.invalid: ${problem}\n`)
  process.exit(78)
}
try {
  const { logLevel, operations } = loaded.config
  const watch = await openWatch({ logLevel, ...operations, newId })
  stopOnSignal(await start(loaded.config, watch), watch.log)
} catch (error) {
  const line = error instanceof AppError ? `${error.code}: ${error.message}` : String(error)
  process.stderr.write(`${line}\n`)
  process.exit(1)
}
