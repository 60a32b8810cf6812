import { ConfigurationBotFrameworkAuthentication } from 'botbuilder'
import {
  AuthenticationConfiguration,
  AuthenticationError,
  type BotFrameworkAuthentication,
  type Claim,
  ClaimsIdentity,
  type ConnectorClient,
  type ConnectorClientOptions,
  ServiceClientCredentialsFactory,
} from 'botframework-connector'
import type { AppTokens } from '../../../services/directory/app-token.ts'

/** The registration, and the cloud that it is in. */
export interface BotFrameworkSettings {
  readonly appId: string
  readonly tenantId: string
  readonly loginUrl: string
  readonly openIdMetadataUrl: string
  readonly tokenIssuer: string
  readonly oauthScope: string
}

export interface BotFrameworkDeps {
  readonly settings: BotFrameworkSettings
  readonly tokens: AppTokens
  readonly http: NonNullable<ConnectorClientOptions['httpClient']>
}

/** Microsoft's library: all of it that the channel uses, in one place. */
export interface BotFramework {
  /** @param generation of the keys: the library reads them again for a new one, and else only after an hour */
  authentication(generation: number): BotFrameworkAuthentication
  /** A client for the connector at this address, which must be an allowed one: it is given our token. */
  connector(serviceUrl: string): Promise<ConnectorClient>
}

/** Microsoft runs a handful of connectors, one for each region. */
const MOST_CONNECTORS = 20

export function createBotFramework(deps: BotFrameworkDeps): BotFramework {
  const connectors = new Map<string, ConnectorClient>()
  const { settings } = deps
  const factory = authenticationBy(deps, 0).createConnectorFactory(identityOf(settings.appId))
  let current: { generation: number; authentication: BotFrameworkAuthentication } | undefined

  return {
    authentication(generation) {
      if (current?.generation !== generation)
        current = { generation, authentication: authenticationBy(deps, generation) }
      return current.authentication
    },
    async connector(serviceUrl) {
      const known = connectors.get(serviceUrl)
      if (known) return known
      const made = await factory.create(serviceUrl, settings.oauthScope)
      if (connectors.size >= MOST_CONNECTORS)
        for (const [oldest] of connectors.entries().take(1)) connectors.delete(oldest)
      connectors.set(serviceUrl, made)
      return made
    },
  }
}

/** All settings at once: the library gives none of them its default as soon as one is there. */
function authenticationBy({ settings, tokens, http }: BotFrameworkDeps, generation: number) {
  const { appId, tenantId, loginUrl, oauthScope, tokenIssuer, openIdMetadataUrl } = settings
  // The library keeps keys by address for a day: another fragment is another address, and the same document.
  const metadataUrl = `${openIdMetadataUrl}#${generation}`
  return new ConfigurationBotFrameworkAuthentication(
    {
      MicrosoftAppId: appId,
      MicrosoftAppType: 'SingleTenant',
      MicrosoftAppTenantId: tenantId,
      ToChannelFromBotLoginUrl: loginUrl,
      ToChannelFromBotOAuthScope: oauthScope,
      ToBotFromChannelTokenIssuer: tokenIssuer,
      ToBotFromChannelOpenIdMetadataUrl: metadataUrl,
      ToBotFromEmulatorOpenIdMetadataUrl: metadataUrl,
      // Of the token service, which is not used.
      OAuthUrl: oauthScope,
    },
    new OwnCredentials(appId, tokens),
    new AuthenticationConfiguration(['msteams'], claims => validateClaims(claims, settings)),
    undefined,
    { httpClient: http },
  )
}

/** Our own tokens in place of MSAL's, which refuses an authority that is not Microsoft's. They are asked for as they are needed. */
class OwnCredentials extends ServiceClientCredentialsFactory {
  readonly #appId: string
  readonly #tokens: AppTokens

  constructor(appId: string, tokens: AppTokens) {
    super()
    this.#appId = appId
    this.#tokens = tokens
  }

  override isValidAppId(appId: string): Promise<boolean> {
    return Promise.resolve(appId === this.#appId)
  }

  override isAuthenticationDisabled(): Promise<boolean> {
    return Promise.resolve(false)
  }

  override createCredentials(
    _appId: string,
    audience: string | undefined,
  ): ReturnType<ServiceClientCredentialsFactory['createCredentials']> {
    return Promise.resolve({
      signRequest: async request => {
        request.headers.set('authorization', `Bearer ${await this.#tokens.tokenFor(scopeOf(audience ?? ''))}`)
        return request
      },
    })
  }
}

/** What a token for this resource is asked for as. */
export const scopeOf = (oauthScope: string): string =>
  oauthScope.endsWith('/.default') ? oauthScope : `${oauthScope}/.default`

function identityOf(appId: string): ClaimsIdentity {
  return new ClaimsIdentity([
    { type: 'aud', value: appId },
    { type: 'appid', value: appId },
  ])
}

/** Once more, on what the library itself has verified: some of its paths do not ask who signed for whom. */
function validateClaims(claims: Claim[], { appId, tokenIssuer }: BotFrameworkSettings): Promise<void> {
  const valueOf = (type: string) => claims.find(claim => claim.type === type)?.value
  const isOurs = valueOf('aud') === appId && valueOf('iss') === tokenIssuer
  return isOurs ? Promise.resolve() : Promise.reject(new AuthenticationError('refused', 401))
}
