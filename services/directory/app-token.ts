import {
  allowInsecureRequests,
  clientCredentialsGrant,
  ClientSecretPost,
  Configuration,
  customFetch,
  type CustomFetch,
} from 'openid-client'
import { textWithin } from '../bounded-text.ts'
import { AppError } from '../errors.ts'

/** The application's own tokens, one for each scope; shared by all that speaks to Microsoft's cloud. */
export interface AppTokens {
  /**
   * @param scope as the resource names it, such as `https://graph.microsoft.com/.default`
   * @throws {AppError} `app-token.refused` when the identity provider gives none, or does not answer in 10 s
   */
  tokenFor(scope: string): Promise<string>
  /** The resource has refused this token: the next one is asked for anew. */
  forget(scope: string, token: string): void
}

export interface AppTokenDeps {
  /** An authority, as Microsoft writes it (`https://login.microsoftonline.com/<tenant>`), or a token endpoint itself. */
  readonly loginUrl: string
  readonly appId: string
  readonly appPassword: string
  readonly now: () => Date
  readonly fetch?: CustomFetch
}

const TIME_LIMIT_S = 10
/** Bytes; a token has some two thousand. */
const LONGEST = 64 * 1024
/** A token is renewed so long before its end, for one that expires on its way is refused. */
const MARGIN_MS = 5 * 60 * 1000
/** Assumed where `expires_in`, which OAuth 2 only recommends, is absent. */
const LIFETIME_S = 600

interface Kept {
  readonly token: string
  readonly until: number
}

export function createAppTokens(deps: AppTokenDeps): AppTokens {
  const configuration = configurationOf(deps)
  const kept = new Map<string, Kept>()
  const asked = new Map<string, Promise<Kept>>()

  async function ask(scope: string): Promise<Kept> {
    const begun = deps.now().getTime()
    const given = await clientCredentialsGrant(configuration, { scope }).catch((cause: unknown) => {
      // The provider's own text may quote the request.
      throw new AppError('app-token.refused', `the identity provider gave no token: ${codeOf(cause)}`)
    })
    const lifetime = (given.expires_in ?? LIFETIME_S) * 1000
    return { token: given.access_token, until: begun + lifetime - Math.min(MARGIN_MS, lifetime / 2) }
  }

  async function askOnce(scope: string): Promise<Kept> {
    const pending = asked.get(scope)
    if (pending) return pending
    const asking = ask(scope).finally(() => asked.delete(scope))
    asked.set(scope, asking)
    const one = await asking
    kept.set(scope, one)
    return one
  }

  return {
    async tokenFor(scope) {
      const known = kept.get(scope)
      if (known && known.until > deps.now().getTime()) return known.token
      return (await askOnce(scope)).token
    },
    forget(scope, token) {
      if (kept.get(scope)?.token === token) kept.delete(scope)
    },
  }
}

function configurationOf({ loginUrl, appId, appPassword, fetch }: AppTokenDeps): Configuration {
  const endpoint = tokenEndpoint(loginUrl)
  const server = { issuer: endpoint.origin, token_endpoint: endpoint.href }
  const configuration = new Configuration(server, appId, undefined, ClientSecretPost(appPassword))
  configuration.timeout = TIME_LIMIT_S
  configuration[customFetch] = bounded(fetch ?? plainFetch)
  // Settings allow http on a loopback host only.
  if (endpoint.protocol === 'http:') allowInsecureRequests(configuration)
  return configuration
}

// The library's type of a body has one more member than Node's, which it never sends.
const plainFetch: CustomFetch = async (url, options) => await fetch(url, options as RequestInit)

/** Reads an answer whole, unless it is too long for one of an identity provider. */
function bounded(fetch: CustomFetch): CustomFetch {
  return async (url, options) => {
    const response = await fetch(url, options)
    const text = await textWithin(response, LONGEST)
    if (text === undefined) throw new Error('the answer is too long')
    const { status, headers } = response
    return new Response(text === '' ? null : text, { status, headers })
  }
}

function tokenEndpoint(loginUrl: string): URL {
  const url = new URL(loginUrl)
  if (url.pathname.endsWith('/token')) return url
  return new URL(`${url.origin}${url.pathname.replace(/\/$/, '')}/oauth2/v2.0/token`)
}

function codeOf(cause: unknown): string {
  if (!(cause instanceof Error)) return 'unknown'
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name
  const error = 'error' in cause && typeof cause.error === 'string' ? cause.error : undefined
  return [code, error].filter(part => part !== undefined && /^[\w.-]{1,60}$/.test(part)).join(' ')
}
