import { randomUUID } from 'node:crypto'
import { createBot } from './bot/bot.ts'
import { installDirectLine } from './bot/channels/directline/direct-line.ts'
import { createHttpServer } from './bot/http/http-server.ts'
import { loadStaticFiles } from './bot/http/static-files.ts'
import { createJsonLog } from './bot/json-log.ts'
import { freePort } from './bot/http/free-port.ts'
import { openOperatorDoor } from './bot/operator/operator-door.ts'
import { loadConfig, type Config } from './config.ts'
import { createWording } from './dialogs/wording.ts'
import { createTranslators } from './locales/translator.ts'
import { createPasswords } from './services/accounts/passwords.ts'
import { createSessions } from './services/accounts/sessions.ts'
import { createSignInDelays } from './services/accounts/sign-in-delays.ts'
import { createSignIn } from './services/accounts/sign-in.ts'
import { createPdfCheck } from './services/documents/pdf-check/pdf-check.ts'
import { AppError } from './services/errors.ts'
import { scheduleHousekeeping } from './services/housekeeping.ts'
import { createKeyring } from './services/keys/keyring.ts'
import { loadOrCreateSecretKey } from './services/keys/secret-key-file.ts'
import type { Log } from './services/log.ts'
import { hasDemoMembers, seedDemoMembers } from './services/members/demo-members.ts'
import { createRegisterImport } from './services/members/register-import.ts'
import { createServices } from './services/services.ts'
import { openEmbeddedStorage } from './services/storage/embedded-storage.ts'
import { migrate } from './services/storage/migrate.ts'
import { openPostgresStorage } from './services/storage/postgres-storage.ts'
import type { Storage } from './services/storage/storage.ts'

const now = () => new Date()
const newId = () => randomUUID()

async function openStorage({ stores }: Config, log: Log): Promise<Storage> {
  if (stores.kind === 'embedded') return openEmbeddedStorage({ dataDir: stores.dataDir, log })
  return openPostgresStorage({ databaseUrl: stores.databaseUrl, log })
}

async function secretKey({ secretKey: set, stores }: Config): Promise<string> {
  if (set !== undefined || stores.kind === 'production') return set ?? ''
  return loadOrCreateSecretKey(stores.dataDir)
}

async function start(config: Config, log: Log): Promise<() => Promise<void>> {
  const storage = await openStorage(config, log)
  await migrate(storage.database, { log })
  const { database, jobs, eventBus, rateLimiter } = storage
  const keyring = createKeyring(await secretKey(config))
  const passwords = createPasswords()
  if (config.demoData) await seedDemoMembers({ database, passwords, keyring, newId })

  const services = createServices({ database, keyring, now, newId })
  const pdfCheck = createPdfCheck({ log })
  const translators = createTranslators()
  const wording = createWording(config, translators)
  const turns = createBot({ services, pdfCheck, storage, translators, wording, log, now, newId })
  scheduleHousekeeping({ ...services, jobs, log, now })

  const port = config.port === 0 ? await freePort(config.host) : config.port
  const publicUrl = config.publicUrl ?? `http://localhost:${port}`
  const settings = { publicUrl, allowedOrigins: config.allowedOrigins, trustedProxies: config.trustedProxies }
  const server = createHttpServer({
    ...services,
    settings,
    database,
    rateLimiter,
    log,
    signIn: createSignIn({ database, passwords, delays: createSignInDelays({ database, keyring, now }) }),
    sessions: createSessions({ database, now }),
    files: await loadStaticFiles('web/dist'),
    hasDemoMembers: () => hasDemoMembers(database),
    mintToken: memberId => directLine.tokenFor(memberId),
    onSignOut: memberId => directLine.disconnect(memberId),
  })
  const directLine = installDirectLine(server.restify, {
    ...services,
    database,
    eventBus,
    rateLimiter,
    keyring,
    turns,
    now,
    newId,
    log,
    publicUrl,
    http: server.http,
    allowedOrigins: server.origins.allowed,
    directLineSecret: config.directLineSecret,
    openDraftOf: memberId => services.drafts.stepOf(memberId),
    botName: language => translators[language].t('app.name'),
  })
  await jobs.start()
  turns.start()
  const registerImport = createRegisterImport({ database, keyring, newId })
  const { stores } = config
  const door = stores.kind === 'embedded' && (await openOperatorDoor({ dataDir: stores.dataDir, registerImport, log }))
  await server.listen(port, config.host)
  process.stdout.write(`Moussaada: ${publicUrl}\n`)

  return async function stop() {
    server.drain()
    if (door) await door.close()
    await directLine.close()
    await server.close()
    await turns.stop()
    await jobs.stop()
    await pdfCheck.close()
    await storage.close()
  }
}

/** In flight turns and requests get this long; then the process goes, and the inbox keeps what is due. */
const STOP_MS = 15_000

function stopOnSignal(stop: () => Promise<void>, log: Log): void {
  let isStopping = false
  const onSignal = (signal: string): void => {
    if (isStopping) return
    isStopping = true
    log.info('server.stopping', { signal })
    setTimeout(() => process.exit(1), STOP_MS).unref()
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error('server.stop-failed', { code: error instanceof AppError ? error.code : 'invariant' })
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
}

const loaded = loadConfig(process.env)
if (!loaded.ok) {
  for (const problem of loaded.problems) process.stderr.write(`config.invalid: ${problem}\n`)
  process.exit(78)
}
const log = createJsonLog(loaded.config.logLevel)
try {
  stopOnSignal(await start(loaded.config, log), log)
} catch (error) {
  const line = error instanceof AppError ? `${error.code}: ${error.message}` : String(error)
  process.stderr.write(`${line}\n`)
  process.exit(1)
}
