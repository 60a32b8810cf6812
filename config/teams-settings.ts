import { z } from 'zod'

const loopbackHosts = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Plain http is for an emulator on this machine. */
const cloudUrl = z
  .url({ protocol: /^https?$/ })
  .refine(url => new URL(url).protocol === 'https:' || loopbackHosts.has(new URL(url).hostname))
const hosts = z
  .string()
  .transform(text =>
    text
      .toLowerCase()
      .split(/[\s,]+/)
      .filter(Boolean),
  )
  .pipe(z.array(z.string().regex(/^(\*\.)?[a-z0-9.-]+(:\d+)?$/)))

/**
 * Not every id of Entra is an RFC 9562 UUID, and those of Microsoft's Agents Playground are no GUIDs. A domain in place of
 * the tenant's id is refused: activities name the id, and each would be of another tenant.
 */
const entraId = z.string().regex(/^[\w-]{1,100}$/, 'expected an id of Entra, not a domain')

/** The Bot Framework's own names, and the foundation's choices about Teams. */
export const teamsEnvironment = z.object({
  MicrosoftAppId: entraId.optional(),
  MicrosoftAppPassword: z.string().optional(),
  MicrosoftAppTenantId: entraId.optional(),
  MicrosoftAppType: z.literal('SingleTenant').default('SingleTenant'),
  ToBotFromChannelOpenIdMetadataUrl: cloudUrl.optional(),
  ToBotFromChannelTokenIssuer: z.string().optional(),
  ToChannelFromBotLoginUrl: cloudUrl.optional(),
  ToChannelFromBotOAuthScope: z.string().optional(),
  TEAMS_SERVICE_HOSTS: hosts.default(['smba.trafficmanager.net', '*.botframework.com']),
  TEAMS_FILE_HOSTS: hosts.default(['*.sharepoint.com']),
  HEALTH_DATA_IN_TEAMS: z.enum(['in-chat', 'secure-link']).default('in-chat'),
  RIB_IN_TEAMS: z.enum(['masked', 'full']).default('masked'),
})
type TeamsEnvironment = z.infer<typeof teamsEnvironment>

/** The application's registration in Entra, which Teams and Graph share. */
export interface AppRegistration {
  readonly appId: string
  readonly appPassword: string
  readonly tenantId: string
  /** Where its own tokens come from: an authority or a token endpoint. */
  readonly loginUrl: string
}

export interface TeamsSettings extends AppRegistration {
  /** Who signs what Bot Framework sends us. */
  readonly openIdMetadataUrl: string
  readonly tokenIssuer: string
  /** The resource that our own tokens are for. */
  readonly oauthScope: string
  /** `host` or `host:port`, `*.` allowed: where replies may go. */
  readonly serviceHosts: readonly string[]
  /** The same: where members' files are fetched. */
  readonly fileHosts: readonly string[]
  readonly healthDataInTeams: 'in-chat' | 'secure-link'
  readonly ribInTeams: 'masked' | 'full'
}

const cloudNames = [
  'ToBotFromChannelOpenIdMetadataUrl',
  'ToBotFromChannelTokenIssuer',
  'ToChannelFromBotLoginUrl',
  'ToChannelFromBotOAuthScope',
] as const

/** @returns undefined without an application: then there is no Teams. Lines of trouble go to `problems`. */
export function teamsSettings(env: TeamsEnvironment, problems: string[]): TeamsSettings | undefined {
  const given = cloudNames.filter(name => env[name])
  if (given.length > 0 && given.length < cloudNames.length)
    problems.push(`${cloudNames.join(', ')} are set together or not at all`)
  const { MicrosoftAppId: appId, MicrosoftAppPassword: appPassword, MicrosoftAppTenantId: tenantId } = env
  if (!appId) return undefined
  if (!appPassword || !tenantId) {
    problems.push('MicrosoftAppPassword and MicrosoftAppTenantId are required with MicrosoftAppId')
    return undefined
  }
  return {
    appId,
    appPassword,
    tenantId,
    loginUrl: env.ToChannelFromBotLoginUrl ?? `https://login.microsoftonline.com/${tenantId}`,
    openIdMetadataUrl:
      env.ToBotFromChannelOpenIdMetadataUrl ?? 'https://login.botframework.com/v1/.well-known/openidconfiguration',
    tokenIssuer: env.ToBotFromChannelTokenIssuer ?? 'https://api.botframework.com',
    oauthScope: env.ToChannelFromBotOAuthScope ?? 'https://api.botframework.com',
    serviceHosts: env.TEAMS_SERVICE_HOSTS,
    fileHosts: env.TEAMS_FILE_HOSTS,
    healthDataInTeams: env.HEALTH_DATA_IN_TEAMS,
    ribInTeams: env.RIB_IN_TEAMS,
  }
}
