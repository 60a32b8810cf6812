import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import restify from 'restify'
import { installTeams, type TeamsDeps } from '../../../../bot/channels/teams/teams.ts'
import { teamsEnvironment, teamsSettings } from '../../../../config/teams-settings.ts'
import { type Emulator, type EmulatorOptions, startEmulator } from '../../../../emulator/start-emulator.ts'
import { createTeamsPerson } from '../../../../emulator/teams-person.ts'
import { createTranslators } from '../../../../locales/translator.ts'
import { createConversationStore } from '../../../../services/conversations/conversation-store.ts'
import { createAppTokens } from '../../../../services/directory/app-token.ts'
import type { Log } from '../../../../services/log.ts'
import { createInProcessEventBus } from '../../../../services/storage/embedded/event-bus.ts'
import { createInProcessLease } from '../../../../services/storage/embedded/lease.ts'
import { createInProcessRateLimiter } from '../../../../services/storage/embedded/rate-limiter.ts'
import { openFreshDatabase } from '../../../support/fresh-database.ts'
import { createEchoTurns } from '../../support/echo-turns.ts'

export type TeamsServer = Awaited<ReturnType<typeof startTeamsServer>>

interface Changes extends EmulatorOptions {
  readonly deps?: Partial<TeamsDeps>
}

/** The Teams channel as it runs, on a database and a port of its own, beside an emulator, with an assistant that echoes. */
export async function startTeamsServer({ deps: changes, ...options }: Changes = {}) {
  const fresh = await openFreshDatabase()
  const { database } = fresh
  const emulator = await startEmulator(options)
  const clock = { ahead: 0 }
  const now = () => new Date(Date.now() + clock.ahead)
  const eventBus = createInProcessEventBus()
  const conversations = createConversationStore({ database, now })
  const turns = createEchoTurns({ database, conversations, eventBus })
  const settings = settingsOf(emulator)
  const { server, origin } = await listen()
  emulator.connector.setBotUrl(`${origin}/api/messages`)
  const logged: string[] = []
  const teams = installTeams(server, {
    settings,
    tokens: createAppTokens({ ...settings, now }),
    database,
    conversations,
    eventBus,
    lease: createInProcessLease(),
    rateLimiter: createInProcessRateLimiter({ now }),
    turns,
    revealRib: async () => undefined,
    translators: createTranslators(),
    log: logTo(logged),
    now,
    ...changes,
  })
  teams.start()
  return {
    emulator,
    connector: emulator.connector,
    identity: emulator.identity,
    database,
    conversations,
    clock,
    logged,
    settings,
    url: `${origin}/api/messages`,
    /** Somebody of the tenant whom nobody else plays. */
    newPerson: (locale = 'fr-FR') => createTeamsPerson(emulator, newPerson(locale)),
    async close(): Promise<void> {
      await teams.stop()
      const closed = new Promise<void>(resolve => server.close(() => resolve()))
      server.server.closeAllConnections()
      await closed
      await turns.settled()
      await emulator.close()
      await fresh.close()
    },
  }
}

export function settingsOf(emulator: Emulator) {
  const settings = teamsSettings(teamsEnvironment.parse(emulator.settings), [])
  if (!settings) throw new Error('the emulator gives settings')
  return settings
}

export function newPerson(locale: string) {
  const aadObjectId = randomUUID()
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
