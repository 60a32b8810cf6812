import { randomUUID, timingSafeEqual } from 'node:crypto'
import type { Call, Reply, Routes } from '../http/loopback-server.ts'
import type { Registration } from './identity-provider.ts'

export interface TokenEndpointDeps {
  readonly registration: Registration
  readonly expiresInSeconds: number
  issueAccessToken(audience: string, claims: Record<string, unknown>): Promise<string>
  publishedKeys(): Record<string, unknown>[]
  url(): string
  outage(): number | undefined
  now(): Date
}

/** What the app may ask a token for, by scope, and what its tokens then hold. */
const resources: Readonly<Record<string, { audience: string; claims: Record<string, unknown> }>> = {
  'https://api.botframework.com/.default': { audience: 'https://api.botframework.com', claims: {} },
  'https://graph.microsoft.com/.default': {
    audience: 'https://graph.microsoft.com',
    claims: { roles: ['User.Read.All', 'Sites.Selected', 'Mail.Send'], idtyp: 'app' },
  },
}

const sameText = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))

function clientOf(call: Call, form: URLSearchParams): { id: string; secret: string } {
  const [scheme, encoded = ''] = (call.req.headers.authorization ?? '').split(' ')
  if (scheme !== 'Basic') return { id: form.get('client_id') ?? '', secret: form.get('client_secret') ?? '' }
  const [id = '', secret = ''] = Buffer.from(encoded, 'base64').toString('utf8').split(':').map(decodeURIComponent)
  return { id, secret }
}

/** Entra's discovery document, keys and client-credentials grant, with its refusals. */
export function tokenEndpoint(deps: TokenEndpointDeps): Routes {
  const { registration } = deps

  function refuse(status: number, error: string, code: number): Reply {
    return {
      status,
      json: {
        error,
        error_description: `AADSTS${code}: refused by the emulator.`,
        error_codes: [code],
        timestamp: deps.now().toISOString(),
        trace_id: randomUUID(),
        correlation_id: randomUUID(),
      },
    }
  }

  async function giveToken(call: Call): Promise<Reply> {
    const form = new URLSearchParams((await call.bytes(64 * 1024))?.toString('utf8'))
    const outage = deps.outage()
    if (outage) return { status: outage }
    if (call.params['tenant'] !== registration.tenantId) return refuse(400, 'invalid_request', 900_023)
    if (form.get('grant_type') !== 'client_credentials') return refuse(400, 'unsupported_grant_type', 70_003)
    const { id, secret } = clientOf(call, form)
    if (id !== registration.appId) return refuse(400, 'unauthorized_client', 700_016)
    if (!sameText(secret, registration.appPassword)) return refuse(401, 'invalid_client', 7_000_215)
    const resource = resources[form.get('scope') ?? '']
    if (!resource) return refuse(400, 'invalid_scope', 70_011)
    const token = await deps.issueAccessToken(resource.audience, resource.claims)
    const { expiresInSeconds } = deps
    return {
      status: 200,
      headers: { 'Cache-Control': 'no-store' },
      json: {
        token_type: 'Bearer',
        expires_in: expiresInSeconds,
        ext_expires_in: expiresInSeconds,
        access_token: token,
      },
    }
  }

  return {
    'GET /:tenant/v2.0/.well-known/openid-configuration': ({ params }) => {
      const outage = deps.outage()
      if (outage) return { status: outage }
      if (params['tenant'] !== registration.tenantId) return refuse(400, 'invalid_tenant', 90_002)
      const authority = `${deps.url()}/${registration.tenantId}`
      return {
        status: 200,
        json: {
          issuer: `${authority}/v2.0`,
          authorization_endpoint: `${authority}/oauth2/v2.0/authorize`,
          token_endpoint: `${authority}/oauth2/v2.0/token`,
          jwks_uri: `${authority}/discovery/v2.0/keys`,
          token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
          response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
          subject_types_supported: ['pairwise'],
          id_token_signing_alg_values_supported: ['RS256'],
        },
      }
    },
    'GET /:tenant/discovery/v2.0/keys': () => ({ status: 200, json: { keys: deps.publishedKeys() } }),
    'POST /:tenant/oauth2/v2.0/token': giveToken,
  }
}
