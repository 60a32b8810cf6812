import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import restify from 'restify'
import { createSharedFiles, type SharedFilesDeps } from '../../../../bot/channels/teams/files/shared-files.ts'
import { createTeamsIdentity, type TeamsIdentity } from '../../../../bot/channels/teams/identity.ts'
import { createSecurePage } from '../../../../bot/channels/teams/secure-page.ts'
import type { IntakeTurns } from '../../../../bot/channels/teams/intake.ts'
import { installTeams } from '../../../../bot/channels/teams/teams.ts'
import { createOrigins } from '../../../../bot/http/origins.ts'
import { teamsEnvironment, teamsSettings, type TeamsSettings } from '../../../../config/teams-settings.ts'
import { createChannelPolicies } from '../../../../dialogs/channel-policy.ts'
import { createWording } from '../../../../dialogs/wording.ts'
import { type Emulator, type EmulatorOptions, startEmulator } from '../../../../emulator/start-emulator.ts'
import { createTeamsPerson } from '../../../../emulator/teams-person.ts'
import { createTranslators } from '../../../../locales/translator.ts'
import { createPageLinks } from '../../../../services/accounts/page-links.ts'
import { createPasswords } from '../../../../services/accounts/passwords.ts'
import { createSessions } from '../../../../services/accounts/sessions.ts'
import { createKnownDevices } from '../../../../services/accounts/known-devices.ts'
import { createSignInDelays } from '../../../../services/accounts/sign-in-delays.ts'
import { createSignIn } from '../../../../services/accounts/sign-in.ts'
import { createAppTokens } from '../../../../services/directory/app-token.ts'
import type { Directory } from '../../../../services/directory/directory.ts'
import { createKeyring, generateSecretKey } from '../../../../services/keys/keyring.ts'
import type { Log } from '../../../../services/log.ts'
import { createServices } from '../../../../services/services.ts'
import { createInProcessEventBus } from '../../../../services/storage/embedded/event-bus.ts'
import { createMetricsRegistry } from '../../../../bot/metrics/metrics-registry.ts'
import { createInProcessLease } from '../../../../services/storage/embedded/lease.ts'
import { createInProcessRateLimiter } from '../../../../services/storage/embedded/rate-limiter.ts'
import { openFreshDatabase } from '../../../support/fresh-database.ts'
import { createEchoTurns } from '../../support/echo-turns.ts'
import { demoFacts } from '../../../support/service-facts.ts'

export interface TeamsTurns extends IntakeTurns {
  settled(): Promise<unknown>
}

export interface TeamsServerOptions extends EmulatorOptions {
  readonly settings?: Partial<TeamsSettings>
  readonly directory?: Pick<Directory, 'personOf'>
  readonly files?: Pick<SharedFilesDeps, 'resolve' | 'limits'>
  /** In place of an assistant that echoes. */
  readonly turns?: (base: TeamsBase) => TeamsTurns
}

export type TeamsBase = Awaited<ReturnType<typeof openBase>>
export type TeamsServer = Awaited<ReturnType<typeof startTeamsServer>>

/** All that stands behind the channel, on a database of its own. */
async function openBase(
  { directory, files }: TeamsServerOptions,
  { publicUrl, settings }: { publicUrl: string; settings: TeamsSettings },
) {
  const fresh = await openFreshDatabase()
  const { database } = fresh
  const clock = { ahead: 0 }
  const now = () => new Date(Date.now() + clock.ahead)
  const keyring = createKeyring(generateSecretKey())
  const eventBus = createInProcessEventBus()
  const lease = createInProcessLease()
  const rateLimiter = createInProcessRateLimiter({ now })
  const services = createServices({ database, keyring, now, newId: randomUUID })
  const translators = createTranslators()
  const wording = createWording(
    { portalUrl: 'https://fos.finances.gov.ma', service: demoFacts(), cndpReference: undefined },
    translators,
  )
  const logged: string[] = []
  const metrics = createMetricsRegistry()
  const common = { metrics, database, keyring, eventBus, lease, rateLimiter, services, translators, wording, now }
  const identity: TeamsIdentity = createTeamsIdentity({ ...common, ...services, directory, publicUrl })
  const log = logTo(logged)
  const policyOf = createChannelPolicies(settings)
  const takesFiles = policyOf('msteams').takesHealthData
  const sharedFiles = createSharedFiles({ ...common, ...services, ...settings, takesFiles, log, ...files })
  const securePage = createSecurePage({ publicUrl, links: createPageLinks(common) })
  const channel = { identity, sharedFiles, policyOf, securePage }
  return { ...common, ...services, ...channel, clock, logged, log, closeDatabase: () => fresh.close() }
}

/** The Teams channel as it runs, on a database and a port of its own, beside an emulator. */
export async function startTeamsServer(options: TeamsServerOptions = {}) {
  const { server, origin } = await listen()
  const emulator = await startEmulator(options)
  const settings = { ...settingsOf(emulator), ...options.settings }
  const base = await openBase(options, { publicUrl: origin, settings })
  const turns = options.turns?.(base) ?? createEchoTurns(base)
  emulator.connector.setBotUrl(`${origin}/api/messages`)
  const teams = installTeams(server, {
    ...base,
    settings,
    tokens: createAppTokens({ ...settings, now: base.now }),
    turns,
    page: pageOf(base, origin),
  })
  teams.start()
  return {
    ...base,
    emulator,
    connector: emulator.connector,
    identityProvider: emulator.identity,
    origin,
    /** Somebody of the tenant whom nobody else plays. */
    newPerson: (locale = 'fr-FR', aadObjectId: string = randomUUID()) =>
      createTeamsPerson(emulator, newPerson(locale, aadObjectId)),
    async close(): Promise<void> {
      await teams.stop()
      const closed = new Promise<void>(resolve => server.close(() => resolve()))
      server.server.closeAllConnections()
      await closed
      await turns.settled()
      await emulator.close()
      await base.closeDatabase()
    },
  }
}

function pageOf({ database, eventBus, keyring, now }: TeamsBase, origin: string) {
  const passwords = createPasswords({ cost: { N: 2 ** 10, r: 8, p: 1 } })
  const delays = createSignInDelays({ database, keyring, now })
  const devices = createKnownDevices({ keyring, now })
  return {
    signIn: createSignIn({ database, passwords, delays, devices }),
    devices,
    sessions: createSessions({ database, eventBus, now }),
    origins: createOrigins({ own: [origin], others: [] }),
    publicUrl: origin,
    trustedProxies: [],
  }
}

export function settingsOf(emulator: Emulator): TeamsSettings {
  const settings = teamsSettings(teamsEnvironment.parse(emulator.settings), [])
  if (!settings) throw new Error('the emulator gives settings')
  return settings
}

function newPerson(locale: string, aadObjectId: string) {
  return { aadObjectId, name: 'Canary Name', userPrincipalName: `${aadObjectId}@fosmef.example`, locale }
}

async function listen() {
  const silent = pino({ level: 'silent' }) as unknown as NonNullable<restify.ServerOptions['log']>
  const server = restify.createServer({ name: '', log: silent })
  server.server.keepAliveTimeout = 60_000
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  return { server, origin: `http://127.0.0.1:${port}` }
}

function logTo(lines: string[]): Log {
  const write = (event: string, fields?: object) => void lines.push(JSON.stringify({ event, ...fields }))
  return { info: write, warn: write, error: write }
}
