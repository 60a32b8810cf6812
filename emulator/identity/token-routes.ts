import { randomUUID } from 'node:crypto'
import type { Call, Reply, Routes } from '../http/loopback-server.ts'
import type { AccessTokens } from './access-tokens.ts'
import type { Registration } from './registration.ts'

export interface TokenRoutesDeps {
  readonly registration: Registration
  readonly expiresInSeconds: number
  readonly tokens: AccessTokens
  readonly counts: { tokens: number }
  readonly url: () => string
  readonly now: () => Date
}

/** What the app may ask a token for, by scope, and what its tokens then hold. */
const resources: Readonly<Record<string, { audience: string; claims: Record<string, unknown> }>> = {
  'https://api.botframework.com/.default': { audience: 'https://api.botframework.com', claims: {} },
  'https://graph.microsoft.com/.default': {
    audience: 'https://graph.microsoft.com',
    claims: { roles: ['User.Read.All', 'Sites.Selected', 'Mail.Send'], idtyp: 'app' },
  },
}

function clientOf(call: Call, form: URLSearchParams): { id: string; secret: string } {
  const [scheme, encoded = ''] = (call.req.headers.authorization ?? '').split(' ')
  if (scheme !== 'Basic') return { id: form.get('client_id') ?? '', secret: form.get('client_secret') ?? '' }
  const [id = '', secret = ''] = Buffer.from(encoded, 'base64').toString('utf8').split(':').map(decodeURIComponent)
  return { id, secret }
}

/** Entra's error answer. @param code of AADSTS */
function refuse(at: Date, error: string, code: number): Reply {
  return {
    status: error === 'invalid_client' ? 401 : 400,
    json: {
      error,
      error_description: `AADSTS${code}: refused by the emulator.`,
      error_codes: [code],
      timestamp: at.toISOString(),
      trace_id: randomUUID(),
      correlation_id: randomUUID(),
    },
  }
}

function discovery(base: string, tenantId: string): Record<string, unknown> {
  const authority = `${base}/${tenantId}`
  return {
    issuer: `${authority}/v2.0`,
    authorization_endpoint: `${authority}/oauth2/v2.0/authorize`,
    token_endpoint: `${authority}/oauth2/v2.0/token`,
    jwks_uri: `${authority}/discovery/v2.0/keys`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
    response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
  }
}

/** Entra's discovery document, keys and client-credentials grant, with its refusals. */
export function tokenRoutes(deps: TokenRoutesDeps): Routes {
  const { registration, expiresInSeconds, now } = deps

  async function giveToken(call: Call): Promise<Reply> {
    const form = new URLSearchParams((await call.bytes(64 * 1024))?.toString('utf8'))
    if (call.params['tenant'] !== registration.tenantId) return refuse(now(), 'invalid_request', 90_002)
    if (form.get('grant_type') !== 'client_credentials') return refuse(now(), 'unsupported_grant_type', 70_003)
    const { id, secret } = clientOf(call, form)
    if (id !== registration.appId) return refuse(now(), 'unauthorized_client', 700_016)
    if (secret !== registration.appPassword) return refuse(now(), 'invalid_client', 7_000_215)
    const resource = resources[form.get('scope') ?? '']
    if (!resource) return refuse(now(), 'invalid_scope', 70_011)
    const token = await deps.tokens.issue(resource.audience, resource.claims)
    deps.counts.tokens++
    const life = { expires_in: expiresInSeconds, ext_expires_in: expiresInSeconds }
    return {
      status: 200,
      headers: { 'Cache-Control': 'no-store' },
      json: { token_type: 'Bearer', ...life, access_token: token },
    }
  }

  return {
    'GET /:tenant/v2.0/.well-known/openid-configuration': ({ params }) =>
      params['tenant'] === registration.tenantId
        ? { status: 200, json: discovery(deps.url(), registration.tenantId) }
        : refuse(now(), 'invalid_tenant', 90_002),
    'GET /:tenant/discovery/v2.0/keys': () => ({ status: 200, json: { keys: deps.tokens.publishedKeys() } }),
    'POST /:tenant/oauth2/v2.0/token': giveToken,
  }
}
