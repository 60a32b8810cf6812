import type { ConnectorClientOptions } from 'botframework-connector'

type HttpClient = NonNullable<ConnectorClientOptions['httpClient']>
type HttpRequest = Parameters<HttpClient['sendRequest']>[0]

/** Whether the connector can have acted on what it was sent. */
export type Reached = 'answered' | 'not-reached' | 'perhaps'

/** Why a call of the connector came to nothing. Not an error of Azure's, whose retry policy would repeat the call. */
export class ConnectorFailure extends Error {
  readonly reached: Reached
  readonly status: number | undefined
  readonly retryAfterMs: number | undefined

  constructor(reached: Reached, status?: number, retryAfterMs?: number) {
    super(`the connector ${status === undefined ? 'did not answer' : `answered ${status}`}`)
    this.name = 'ConnectorFailure'
    this.reached = reached
    this.status = status
    this.retryAfterMs = retryAfterMs
  }
}

/** Teams answers within a second; what takes longer may still have been done. */
const TIME_LIMIT_MS = 15_000
const MOST_RETRY_AFTER_MS = 10 * 60 * 1000

/** What happens before a request has left: nobody can have acted on it. */
const beforeLeaving = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])

/**
 * The last step of Microsoft's connector client. Its own repeats a message that may have arrived, and takes the token
 * along wherever it is redirected.
 */
export function createConnectorHttp({ timeLimitMs = TIME_LIMIT_MS } = {}): HttpClient {
  return {
    async sendRequest(request) {
      const { response, text } = await exchange(request, timeLimitMs)
      if (!response.ok) throw new ConnectorFailure('answered', response.status, retryAfter(response))
      const headers = request.headers.clone()
      for (const { name } of headers.headersArray()) headers.remove(name)
      for (const [name, value] of response.headers) headers.set(name, value)
      return { request, headers, status: response.status, bodyAsText: text }
    },
  }
}

async function exchange(request: HttpRequest, timeLimitMs: number): Promise<{ response: Response; text: string }> {
  try {
    const response = await fetch(request.url, {
      method: request.method,
      headers: request.headers.headersArray().map(({ name, value }): [string, string] => [name, value]),
      body: typeof request.body === 'string' ? request.body : null,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeLimitMs),
    })
    return { response, text: await response.text() }
  } catch (error) {
    throw new ConnectorFailure(beforeLeaving.has(codeOf(error)) ? 'not-reached' : 'perhaps')
  }
}

function codeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined
  return typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : ''
}

/** Seconds, or a date. */
function retryAfter(response: Response): number | undefined {
  const said = response.headers.get('retry-after')
  if (said === null) return undefined
  const ms = /^\d+$/.test(said) ? Number(said) * 1000 : Date.parse(said) - Date.now()
  return Number.isFinite(ms) ? Math.min(Math.max(0, ms), MOST_RETRY_AFTER_MS) : undefined
}
