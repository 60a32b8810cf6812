import { startLoopbackServer, type Reply, type Routes } from '../http/loopback-server.ts'
import { createAccessTokens, type AccessToken } from './access-tokens.ts'
import { createConnectorKeys, signForConnector, type ConnectorKeys } from './connector-keys.ts'
import type { Registration } from './registration.ts'
import { tokenRoutes } from './token-routes.ts'

export const connectorAudience = 'https://api.botframework.com'
export const graphAudience = 'https://graph.microsoft.com'

export interface IdentityProvider {
  readonly url: string
  readonly registration: Registration
  /** `iss` of what the connector signs. */
  readonly issuer: string
  readonly openIdMetadataUrl: string
  /** OAuth 2 authority of the tenant; `/v2.0` below it has the discovery document, `/oauth2/v2.0/token` gives tokens. */
  readonly loginUrl: string
  readonly keys: ConnectorKeys
  /** Signs as the connector does. */
  connectorToken(serviceUrl: string): Promise<string>
  /** @returns undefined for what was not issued here for `audience`, or has expired */
  readAccessToken(token: string, audience: string): Promise<AccessToken | undefined>
  /** How often each document was fetched and tokens were issued. */
  readonly counts: { metadata: number; keys: number; tokens: number }
  /** Every request is answered with this status while it is set. */
  outage: number | undefined
  close(): Promise<void>
}

export interface IdentityProviderOptions extends Registration {
  readonly issuer?: string
  readonly port?: number
  readonly now?: () => Date
  /** Life of the access tokens that it issues. */
  readonly expiresInSeconds?: number
}

interface MetadataDeps {
  readonly issuer: string
  readonly url: () => string
  readonly keys: ConnectorKeys
  readonly counts: IdentityProvider['counts']
}

/** Bot Framework's OpenID metadata document and its key set. */
function metadataRoutes({ issuer, url, keys, counts }: MetadataDeps): Routes {
  return {
    'GET /v1/.well-known/openidconfiguration': () => {
      counts.metadata++
      return {
        status: 200,
        json: {
          issuer,
          authorization_endpoint: 'https://invalid.botframework.com',
          jwks_uri: `${url()}/v1/.well-known/keys`,
          id_token_signing_alg_values_supported: ['RS256'],
          token_endpoint_auth_methods_supported: ['private_key_jwt'],
        },
      }
    },
    'GET /v1/.well-known/keys': () => {
      counts.keys++
      return { status: 200, json: { keys: keys.published() } }
    },
  }
}

/** The routes, unless there is an outage. */
function whileUp(routes: Routes, outage: () => number | undefined): Routes {
  const wrapped = Object.entries(routes).map(([name, handle]) => [
    name,
    (call: Parameters<typeof handle>[0]): Reply | Promise<Reply> => {
      const status = outage()
      return status === undefined ? handle(call) : { status }
    },
  ])
  return Object.fromEntries(wrapped) as Routes
}

/**
 * Bot Framework's and Entra's part: publishes keys, signs for the connector, and gives the bot its access tokens.
 * Speaks http, on the loopback only.
 */
export async function startIdentityProvider(options: IdentityProviderOptions): Promise<IdentityProvider> {
  const { now = () => new Date(), issuer = 'https://api.botframework.com', expiresInSeconds = 3599 } = options
  const { appId, appPassword, tenantId } = options
  const registration: Registration = { appId, appPassword, tenantId }
  const counts = { metadata: 0, keys: 0, tokens: 0 }
  const [keys, tokens] = await Promise.all([
    createConnectorKeys(),
    createAccessTokens({ registration, now, expiresInSeconds }),
  ])
  let outage: number | undefined
  let url = ''
  const routes = {
    ...metadataRoutes({ issuer, url: () => url, keys, counts }),
    ...tokenRoutes({ registration, expiresInSeconds, tokens, counts, url: () => url, now }),
  }
  const server = await startLoopbackServer(
    whileUp(routes, () => outage),
    options.port,
  )
  url = server.url
  return {
    url,
    registration,
    issuer,
    openIdMetadataUrl: `${url}/v1/.well-known/openidconfiguration`,
    loginUrl: `${url}/${tenantId}`,
    keys,
    counts,
    connectorToken: serviceUrl => signForConnector(keys.current(), { issuer, appId, serviceUrl, at: now() }),
    readAccessToken: (token, audience) => tokens.read(token, audience),
    get outage() {
      return outage
    },
    set outage(status) {
      outage = status
    },
    close: () => server.close(),
  }
}
