import { randomUUID } from 'node:crypto'
import { SignJWT, jwtVerify } from 'jose'
import { type LoopbackServer, startLoopbackServer } from '../http/loopback-server.ts'
import { createSigningKey, publishedKey, type SigningKey } from './signing-keys.ts'
import { tokenEndpoint } from './token-endpoint.ts'

/** Channels whose tokens a real Bot Framework key may sign; Teams is `msteams`. */
const endorsements = ['msteams', 'webchat', 'directline', 'skypeforbusiness', 'email', 'slack']

export const connectorAudience = 'https://api.botframework.com'
export const graphAudience = 'https://graph.microsoft.com'

export interface Registration {
  readonly appId: string
  readonly appPassword: string
  readonly tenantId: string
}

export interface AccessToken {
  readonly audience: string
  /** Who holds it. */
  readonly appId: string
  readonly tenantId: string
}

export interface IdentityProvider {
  readonly url: string
  readonly registration: Registration
  /** `iss` of what the connector signs. */
  readonly issuer: string
  readonly openIdMetadataUrl: string
  /** OAuth 2 authority of the tenant; `/v2.0` below it has the discovery document, `/oauth2/v2.0/token` gives tokens. */
  readonly loginUrl: string
  /** The key that signs now, and others that are published beside it. */
  currentKey(): SigningKey
  readonly unendorsedKey: SigningKey
  readonly otherChannelKey: SigningKey
  /** Signs as the connector does, for an hour. */
  connectorToken(serviceUrl: string): Promise<string>
  /** @returns undefined for what was not issued here for `audience`, or has expired */
  readAccessToken(token: string, audience: string): Promise<AccessToken | undefined>
  /** A new signing key. Tokens of the old one stay valid until `retire` takes it out of the published set. */
  rotate(): Promise<void>
  retire(): void
  /** How often each document was fetched and tokens were issued. */
  readonly counts: { metadata: number; keys: number; tokens: number }
  /** Answers every request for a token or a document with this status while set. */
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

const seconds = (at: Date): number => Math.floor(at.getTime() / 1000)

/**
 * Bot Framework's and Entra's part: publishes keys, signs for the connector, and gives the bot its access tokens.
 * Speaks http, on the loopback only.
 */
export async function startIdentityProvider(options: IdentityProviderOptions): Promise<IdentityProvider> {
  const { now = () => new Date(), issuer = 'https://api.botframework.com', expiresInSeconds = 3599 } = options
  const { appId, appPassword, tenantId } = options
  const registration: Registration = { appId, appPassword, tenantId }
  const [first, unendorsedKey, otherChannelKey, accessKey] = await Promise.all([
    createSigningKey(endorsements),
    createSigningKey(),
    createSigningKey(['slack']),
    createSigningKey(),
  ])
  let keys: SigningKey[] = [first]
  const counts = { metadata: 0, keys: 0, tokens: 0 }
  const currentKey = (): SigningKey => keys[0] ?? first

  async function issueAccessToken(audience: string, claims: Record<string, unknown> = {}): Promise<string> {
    counts.tokens++
    const at = seconds(now())
    return await new SignJWT({ appid: appId, tid: tenantId, ver: '1.0', uti: randomUUID(), ...claims })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: accessKey.kid })
      .setIssuer(`https://sts.windows.net/${tenantId}/`)
      .setAudience(audience)
      .setIssuedAt(at)
      .setNotBefore(at)
      .setExpirationTime(at + expiresInSeconds)
      .sign(accessKey.privateKey)
  }

  const provider = {
    registration,
    issuer,
    currentKey,
    unendorsedKey,
    otherChannelKey,
    counts,
    outage: undefined as number | undefined,

    async connectorToken(serviceUrl: string) {
      const key = currentKey()
      const at = seconds(now())
      return await new SignJWT({ serviceurl: serviceUrl })
        .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: key.kid, x5t: key.kid })
        .setIssuer(issuer)
        .setAudience(appId)
        .setNotBefore(at - 300)
        .setExpirationTime(at + 3600)
        .sign(key.privateKey)
    },
    async readAccessToken(token: string, audience: string): Promise<AccessToken | undefined> {
      const verified = await jwtVerify(token, accessKey.publicKey, {
        audience,
        algorithms: ['RS256'],
        issuer: `https://sts.windows.net/${tenantId}/`,
        currentDate: now(),
      }).catch(() => undefined)
      const { appid, tid } = verified?.payload ?? {}
      return typeof appid === 'string' && typeof tid === 'string'
        ? { audience, appId: appid, tenantId: tid }
        : undefined
    },
    async rotate() {
      keys = [await createSigningKey(endorsements), ...keys]
    },
    retire() {
      keys = [currentKey()]
    },
  }

  const published = (): Record<string, unknown>[] => [...keys, unendorsedKey, otherChannelKey].map(publishedKey)
  let url = ''
  const server: LoopbackServer = await startLoopbackServer(
    {
      'GET /v1/.well-known/openidconfiguration': () => {
        counts.metadata++
        if (provider.outage) return { status: provider.outage }
        return {
          status: 200,
          json: {
            issuer,
            authorization_endpoint: 'https://invalid.botframework.com',
            jwks_uri: `${url}/v1/.well-known/keys`,
            id_token_signing_alg_values_supported: ['RS256'],
            token_endpoint_auth_methods_supported: ['private_key_jwt'],
          },
        }
      },
      'GET /v1/.well-known/keys': () => {
        counts.keys++
        return provider.outage ? { status: provider.outage } : { status: 200, json: { keys: published() } }
      },
      ...tokenEndpoint({
        registration,
        expiresInSeconds,
        issueAccessToken,
        publishedKeys: () => [publishedKey(accessKey)],
        url: () => url,
        outage: () => provider.outage,
        now,
      }),
    },
    options.port,
  )
  url = server.url
  return Object.assign(provider, {
    url,
    openIdMetadataUrl: `${url}/v1/.well-known/openidconfiguration`,
    loginUrl: `${url}/${tenantId}`,
    close: () => server.close(),
  })
}
