import type { Server } from 'restify'
import type { ChannelPolicies } from '../../../dialogs/channel-policy.ts'
import type { Translators } from '../../../locales/translator.ts'
import type { ConversationStore } from '../../../services/conversations/conversation-store.ts'
import { createTeamsConversations } from '../../../services/conversations/teams-conversations.ts'
import { createTeamsDeliveries } from '../../../services/conversations/teams-deliveries.ts'
import type { KnownDevices } from '../../../services/accounts/known-devices.ts'
import { createPageLinks } from '../../../services/accounts/page-links.ts'
import type { AppTokens } from '../../../services/directory/app-token.ts'
import type { Keyring } from '../../../services/keys/keyring.ts'
import type { Log } from '../../../services/log.ts'
import type { Database } from '../../../services/storage/database.ts'
import type { EventBus } from '../../../services/storage/event-bus.ts'
import type { Lease } from '../../../services/storage/lease.ts'
import type { RateLimiter } from '../../../services/storage/rate-limiter.ts'
import type { Metrics } from '../../../services/metrics/metrics.ts'
import { groupRib } from '../../../services/members/rib.ts'
import { type BotFrameworkSettings, createBotFramework } from './bot-framework.ts'
import { createConnectorHttp } from './connector-http.ts'
import { createConnector } from './connector.ts'
import { createDeliverer } from './deliverer.ts'
import { createDelivery } from './delivery.ts'
import type { SharedFiles } from './files/shared-files.ts'
import type { TeamsIdentity } from './identity.ts'
import { createIntake, type IntakeTurns } from './intake.ts'
import { installLinkRoutes, type LinkRoutes } from './link-routes.ts'
import { installMessages } from './messages-route.ts'
import { createPace } from './pace.ts'
import { createFullReply, createRedirect } from './redirect.ts'
import { createClientAddress } from '../../http/client-address.ts'
import { createDeviceCookie } from '../../http/device-cookie.ts'
import { createSessionCookie } from '../../http/session-cookie.ts'
import { installSecurePage } from './secure-page.ts'
import { createServiceHosts } from './service-hosts.ts'
import { createSigningKeys } from './signing-keys.ts'
import { createTokenCheck } from './token-check.ts'

export interface TeamsDeps {
  readonly settings: BotFrameworkSettings & {
    readonly serviceHosts: readonly string[]
  }
  readonly tokens: AppTokens
  readonly database: Database
  readonly conversations: ConversationStore
  readonly eventBus: EventBus
  readonly lease: Lease
  readonly rateLimiter: RateLimiter
  readonly keyring: Keyring
  readonly turns: IntakeTurns
  readonly policyOf: ChannelPolicies
  /** The member's RIB, while they are asked to confirm it. */
  readonly revealRib: (memberId: string) => Promise<string | undefined>
  readonly identity: Pick<TeamsIdentity, 'accounts' | 'links'>
  readonly sharedFiles: Pick<SharedFiles, 'take'>
  /** What the page needs on which an account is tied to a member. */
  readonly page: Pick<LinkRoutes, 'signIn' | 'sessions' | 'origins'> & {
    readonly devices: KnownDevices
    readonly publicUrl: string
    readonly trustedProxies: readonly string[]
  }
  readonly translators: Translators
  readonly metrics: Pick<Metrics, 'teamsDelivered'>
  readonly log: Log
  readonly now: () => Date
}

export interface Teams {
  /** Takes up, now and every 5 s, what was not sent. */
  start(): void
  stop(): Promise<void>
}

/** Microsoft Teams: `POST /api/messages`, and what is said in its conversations. */
export function installTeams(server: Server, deps: TeamsDeps): Teams {
  const { settings, database, tokens, log, now } = deps
  const framework = createBotFramework({ settings, tokens, http: createConnectorHttp() })
  const hosts = createServiceHosts(settings.serviceHosts)
  const keys = createSigningKeys({ openIdMetadataUrl: settings.openIdMetadataUrl, log, now })
  const references = createTeamsConversations(deps)
  const connector = createConnector({ framework, hosts, tokens, oauthScope: settings.oauthScope, log })
  const deliveries = createTeamsDeliveries({ database, now })
  const deliverNext = createDelivery({
    ...deps,
    references,
    deliveries,
    connector,
    pace: createPace({ now }),
    revealRib: deps.policyOf('msteams').showsRib ? createRevealRib(deps) : async () => undefined,
    random: Math.random,
  })
  const deliverer = createDeliverer({ ...deps, deliverNext, deliveries })
  const { tenantId } = settings
  installMessages(server, {
    check: createTokenCheck({ keys, appId: settings.appId, issuer: settings.tokenIssuer, now }),
    hosts,
    tenantId,
    tellFull: createFullReply({ ...deps, connector }),
    authentication: () => framework.authentication(keys.generation()),
    intake: createIntake({
      ...deps,
      tenantId,
      references,
      watch: id => deliverer.watch(id),
      redirect: createRedirect({ ...deps, connector }),
    }),
    log,
  })
  installPage(server, deps)
  return deliverer
}

function installPage(server: Server, deps: TeamsDeps): void {
  const { publicUrl, trustedProxies } = deps.page
  const isSecure = publicUrl.startsWith('https:')
  const cookie = createSessionCookie({ isSecure })
  const deviceCookie = createDeviceCookie({ isSecure, devices: deps.page.devices })
  const clientAddress = createClientAddress(trustedProxies)
  installLinkRoutes(server, { ...deps, ...deps.page, ...deps.identity, cookie, deviceCookie, clientAddress })
  installSecurePage(server, { ...deps, ...deps.page, links: createPageLinks(deps), cookie })
}

function createRevealRib({ conversations, revealRib }: Pick<TeamsDeps, 'conversations' | 'revealRib'>) {
  return async (conversationId: string): Promise<string | undefined> => {
    const memberId = (await conversations.find(conversationId))?.memberId
    const rib = memberId === undefined ? undefined : await revealRib(memberId)
    return rib === undefined ? undefined : groupRib(rib)
  }
}
