import { randomUUID } from 'node:crypto'
import { AuthenticationHandler, Client, ResponseType, type GraphRequest } from '@microsoft/microsoft-graph-client'
import { AppError } from '../errors.ts'
import type { AppTokens } from './app-token.ts'
import type { Log } from '../log.ts'
import { createCircuit, type Circuit } from './circuit.ts'
import { answerOf, retryAfterMs, type GraphAnswer } from './graph-answer.ts'
import { createGraphTransport, graphAddress } from './graph-transport.ts'

export interface GraphCall {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  /** Below the version, each part encoded. */
  readonly path: string
  /** OData's own options, not encoded. */
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  /** JSON; or a Buffer, and nothing else that holds bytes: the client sends the whole memory under a view. */
  readonly body?: object | Buffer
}

/** Microsoft Graph, for one purpose: what is away for mails may be there for people. */
export type Graph = (call: GraphCall) => Promise<GraphAnswer>

export interface GraphDeps {
  readonly baseUrl: string
  readonly scope: string
  readonly tokens: AppTokens
  readonly now: () => Date
  /** Milliseconds from the call to the whole answer, the token's way included. */
  readonly limitMs: number
  readonly circuit?: Circuit
  readonly log?: Log
}

/** Where a throttled answer names no time. */
const HOLD_MS = 10_000

/**
 * The client without its own retries: they wait up to three minutes, which no turn has, and they send a POST again after
 * a 504, whose mail may have gone. Whoever calls says what is tried again.
 */
export function createGraph(deps: GraphDeps): Graph {
  const { baseUrl, scope, tokens, now, limitMs } = deps
  const circuit = deps.circuit ?? createCircuit({ now })
  const request = requestsTo(baseUrl)

  async function send({ headers, ...call }: GraphCall, signal: AbortSignal): Promise<Response> {
    const token = await beforeAbort(tokens.tokenFor(scope), signal)
    const named = { ...call, headers: { ...headers, 'client-request-id': randomUUID() } }
    const response = await perform(request(named, token, signal), named)
    if (response.status === 401) tokens.forget(scope, token)
    return response
  }

  async function attempt(call: GraphCall, signal: AbortSignal): Promise<GraphAnswer> {
    const first = await send(call, signal)
    // Nothing was done for a token that had been revoked: another one is asked for at once.
    const response = first.status === 401 ? await send(call, signal) : first
    if (response.status === 429 || response.headers.has('Retry-After')) {
      circuit.holdFor(retryAfterMs(response.headers, now()) ?? HOLD_MS)
    }
    const answer = await answerOf(response)
    // Somebody who is not there is an answer like any other.
    if (!answer.ok && answer.reason !== 'notFound') {
      const { reason, status, code, requestId } = answer
      deps.log?.info('graph.refused', { method: call.method, reason, status, code, requestId })
    }
    return answer
  }

  return async function graph(call) {
    const refusal = circuit.refusal()
    if (refusal) return { ok: false, reason: refusal, code: 'circuit' }
    const signal = AbortSignal.timeout(limitMs)
    const answer = await attempt(call, signal).catch((error: unknown) => unavailable(error, signal))
    if (!answer.ok && answer.reason === 'unavailable') circuit.failed()
    else circuit.succeeded()
    return answer
  }
}

function requestsTo(baseUrl: string) {
  const address = graphAddress(baseUrl)
  const client = (token: string) =>
    Client.initWithMiddleware({
      baseUrl: address.origin,
      defaultVersion: address.version,
      customHosts: new Set([address.hostname]),
      middleware: [new AuthenticationHandler({ getAccessToken: async () => token }), createGraphTransport(address)],
    })

  return function request(call: GraphCall, token: string, signal: AbortSignal): GraphRequest {
    const query = Object.entries(call.query ?? {}).map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    const path = query.length === 0 ? call.path : `${call.path}?${query.join('&')}`
    return client(token)
      .api(path)
      .headers({ ...call.headers })
      .option('signal', signal)
      .responseType(ResponseType.RAW)
  }
}

async function perform(request: GraphRequest, { method, body }: GraphCall): Promise<Response> {
  const answer: unknown = await (method === 'get' || method === 'delete' ? request[method]() : request[method](body))
  if (!(answer instanceof Response)) throw new AppError('invariant', 'the client gave no raw response')
  return answer
}

async function beforeAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const onAbort = (): void => reject(new DOMException('too late', 'TimeoutError'))
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([work, promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

/** Whatever kept an answer from coming whole. The client's own texts may quote the address and are not kept. */
function unavailable(error: unknown, signal: AbortSignal): GraphAnswer {
  if (error instanceof AppError && error.code === 'invariant') throw error
  const code = error instanceof AppError ? error.code : signal.aborted ? 'timeout' : 'network'
  return { ok: false, reason: 'unavailable', code }
}
