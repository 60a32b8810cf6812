import { startConnector, type Connector } from './connector/connector.ts'
import { demoPeople, directoryEntry, type DemoPerson } from './demo-people.ts'
import { startFileHost, type FileHost } from './files/file-host.ts'
import { startGraph, type EmulatedGraph } from './graph/graph.ts'
import {
  connectorAudience,
  graphAudience,
  startIdentityProvider,
  type IdentityProvider,
} from './identity/identity-provider.ts'

export interface EmulatorPorts {
  readonly identity: number
  readonly connector: number
  readonly files: number
  readonly graph: number
}

export interface EmulatorOptions {
  readonly appId?: string
  readonly appPassword?: string
  readonly tenantId?: string
  /** `http://HOST:PORT/api/messages`; may be told later by `connector.setBotUrl` */
  readonly botUrl?: string
  /** Any free ones unless given. */
  readonly ports?: EmulatorPorts
  readonly now?: () => Date
  /** How long the connector waits for the bot, and when it comes again; Teams' own by default. */
  readonly answerWithinMs?: number
  readonly redeliverAfterMs?: number
  readonly throttled?: boolean
  /** Whom the directory has at first: the demo members unless given. */
  readonly people?: readonly DemoPerson[]
}

export interface Emulator {
  /** The environment of an assistant that lives in this emulator instead of Microsoft's cloud. */
  readonly settings: Readonly<Record<string, string>>
  readonly identity: IdentityProvider
  readonly connector: Connector
  readonly files: FileHost
  readonly graph: EmulatedGraph
  close(): Promise<void>
}

export const demoRegistration = {
  appId: '00000000-1111-4222-8333-444444444444',
  appPassword: 'emulator-only',
  tenantId: '11111111-1111-4111-8111-111111111111',
} as const

const driveId = 'b!emulator'
const mailbox = 'assistant@fosmef.example'

type Parts = Omit<Emulator, 'settings' | 'close'>

function settingsOf({ identity, connector, files, graph }: Parts): Emulator['settings'] {
  const { appId, appPassword, tenantId } = identity.registration
  return {
    MicrosoftAppId: appId,
    MicrosoftAppPassword: appPassword,
    MicrosoftAppType: 'SingleTenant',
    MicrosoftAppTenantId: tenantId,
    ToBotFromChannelOpenIdMetadataUrl: identity.openIdMetadataUrl,
    ToBotFromChannelTokenIssuer: identity.issuer,
    ToChannelFromBotLoginUrl: identity.loginUrl,
    ToChannelFromBotOAuthScope: connectorAudience,
    TEAMS_SERVICE_HOSTS: new URL(connector.url).host,
    TEAMS_FILE_HOSTS: new URL(files.url).host,
    GRAPH_BASE_URL: `${graph.url}/v1.0`,
    GRAPH_SCOPE: `${graphAudience}/.default`,
    ARCHIVE_DRIVE_ID: driveId,
    MAIL_FROM: mailbox,
  }
}

async function startParts(options: EmulatorOptions): Promise<Parts> {
  const { ports, now, people = demoPeople } = options
  const { appId, appPassword, tenantId } = { ...demoRegistration, ...options }
  const clock = now ? { now } : {}
  const identity = await startIdentityProvider({
    appId,
    appPassword,
    tenantId,
    ...clock,
    port: ports?.identity ?? 0,
  })
  const verifyToken = async (token: string): Promise<boolean> =>
    (await identity.readAccessToken(token, graphAudience)) !== undefined
  const [connector, files, graph] = await Promise.all([
    startConnector({ ...options, identity, port: ports?.connector ?? 0 }),
    startFileHost({ port: ports?.files ?? 0 }),
    startGraph({ verifyToken, driveId, mailboxes: [mailbox], ...clock, port: ports?.graph ?? 0 }),
  ])
  for (const person of people) graph.people.add(directoryEntry(person))
  return { identity, connector, files, graph }
}

/** Microsoft's part of a bot in Teams, on the loopback. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const parts = await startParts(options)
  return {
    ...parts,
    settings: settingsOf(parts),
    async close() {
      await Promise.all(Object.values(parts).map(part => part.close()))
    },
  }
}
