import { startConnector, type Connector } from './connector/connector.ts'
import { startFileHost, type FileHost } from './files/file-host.ts'
import { startIdentityProvider, type IdentityProvider } from './identity/identity-provider.ts'

export interface EmulatorPorts {
  readonly identity: number
  readonly connector: number
  readonly files: number
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
}

export interface Emulator {
  /** The environment of an assistant that lives in this emulator instead of Microsoft's cloud. */
  readonly settings: Readonly<Record<string, string>>
  readonly identity: IdentityProvider
  readonly connector: Connector
  readonly files: FileHost
  close(): Promise<void>
}

export const demoRegistration = {
  appId: '00000000-1111-4222-8333-444444444444',
  appPassword: 'emulator-only',
  tenantId: '11111111-1111-4111-8111-111111111111',
} as const

/** Microsoft's part of a bot in Teams, on the loopback. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const registration = {
    appId: options.appId ?? demoRegistration.appId,
    appPassword: options.appPassword ?? demoRegistration.appPassword,
    tenantId: options.tenantId ?? demoRegistration.tenantId,
  }
  const { ports, now } = options
  const clock = now ? { now } : {}
  const identity = await startIdentityProvider({ ...registration, ...clock, port: ports?.identity ?? 0 })
  const connector = await startConnector({ ...options, identity, port: ports?.connector ?? 0 })
  const files = await startFileHost({ port: ports?.files ?? 0 })
  const settings = {
    MicrosoftAppId: registration.appId,
    MicrosoftAppPassword: registration.appPassword,
    MicrosoftAppType: 'SingleTenant',
    MicrosoftAppTenantId: registration.tenantId,
    ToBotFromChannelOpenIdMetadataUrl: identity.openIdMetadataUrl,
    ToBotFromChannelTokenIssuer: identity.issuer,
    ToChannelFromBotLoginUrl: identity.loginUrl,
    ToChannelFromBotOAuthScope: 'https://api.botframework.com',
    TEAMS_SERVICE_HOSTS: new URL(connector.url).host,
    TEAMS_FILE_HOSTS: new URL(files.url).host,
  }
  return {
    settings,
    identity,
    connector,
    files,
    async close() {
      await Promise.all([identity.close(), connector.close(), files.close()])
    },
  }
}
