import type { ConnectorClientOptions } from 'botframework-connector'
import { createConnectorCalls } from './connector-call.ts'
import { ConnectorFailure } from './connector-failure.ts'

type HttpClient = NonNullable<ConnectorClientOptions['httpClient']>
type HttpRequest = Parameters<HttpClient['sendRequest']>[0]

/** Teams answers within a second; what takes longer may still have been done. */
const TIME_LIMIT_MS = 15_000
const MOST_RETRY_AFTER_MS = 10 * 60 * 1000

/**
 * The last step of Microsoft's connector client. Its own repeats a message that may have arrived, and takes the token
 * along wherever it is redirected.
 */
export function createConnectorHttp({ timeLimitMs = TIME_LIMIT_MS } = {}): HttpClient {
  const call = createConnectorCalls(timeLimitMs)
  return {
    async sendRequest(request) {
      const { url, method, body } = request
      const answer = await call({
        url,
        method,
        headers: headersOf(request),
        body: typeof body === 'string' ? body : '',
      })
      const { status, text } = answer
      if (status < 200 || status > 299)
        throw new ConnectorFailure('answered', status, retryAfter(answer.headers['retry-after']))
      const headers = request.headers.clone()
      for (const { name } of headers.headersArray()) headers.remove(name)
      for (const [name, value] of Object.entries(answer.headers)) headers.set(name, String(value))
      return { request, headers, status, bodyAsText: text }
    },
  }
}

function headersOf({ headers }: HttpRequest): Record<string, string> {
  const all = headers.headersArray().map(({ name, value }): [string, string] => [name.toLowerCase(), value])
  // Its policies ask for what they would unpack themselves; an answer is a line.
  return Object.fromEntries(all.filter(([name]) => name !== 'accept-encoding'))
}

/** Seconds, or a date. */
function retryAfter(said: string | undefined): number | undefined {
  if (said === undefined) return undefined
  const ms = /^\d+$/.test(said) ? Number(said) * 1000 : Date.parse(said) - Date.now()
  return Number.isFinite(ms) ? Math.min(Math.max(0, ms), MOST_RETRY_AFTER_MS) : undefined
}
