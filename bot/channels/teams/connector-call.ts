import { Agent, request as requestPlain, type IncomingMessage } from 'node:http'
import { Agent as SecureAgent, request as requestSecure } from 'node:https'
import type { Socket } from 'node:net'
import { ConnectorFailure } from './connector-failure.ts'

export interface ConnectorCall {
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface ConnectorAnswer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly text: string
}

/** Teams answers with an id, or with why not. */
const LONGEST_ANSWER = 256 * 1024
/**
 * Milliseconds after which an idle connection is not used again: one that its server has closed meanwhile would break under
 * a message that nobody would know the fate of.
 */
const IDLE_MS = 4_000

const lasting = { keepAlive: true, timeout: IDLE_MS }

/**
 * Calls of a connector, on connections that are kept for a while. No redirect is followed: our token goes nowhere else.
 * (`fetch` makes of each call streams, headers and a request of the web's kind: a tenth of an answer in Teams.)
 */
export function createConnectorCalls(timeLimitMs: number) {
  const plain = new Agent(lasting)
  const secure = new SecureAgent(lasting)

  /** @throws {ConnectorFailure} `not-reached` when no connection was made, else `perhaps` */
  return function call({ url, method, headers, body }: ConnectorCall): Promise<ConnectorAnswer> {
    const { promise, resolve, reject } = Promise.withResolvers<ConnectorAnswer>()
    const isSecure = url.startsWith('https:')
    const options = { method, headers, signal: AbortSignal.timeout(timeLimitMs) }
    const request = isSecure
      ? requestSecure(url, { ...options, agent: secure })
      : requestPlain(url, { ...options, agent: plain })
    let isConnected = false
    const failed = (): void => reject(new ConnectorFailure(isConnected ? 'perhaps' : 'not-reached'))
    request.on('socket', (socket: Socket) => {
      // A kept one is connected already, and would keep the listener of every call.
      isConnected = request.reusedSocket
      if (!isConnected) socket.once(isSecure ? 'secureConnect' : 'connect', () => (isConnected = true))
    })
    request.on('error', failed)
    request.on('response', answer => void collect(answer).then(resolve, failed))
    request.end(body)
    return promise
  }
}

function collect(answer: IncomingMessage): Promise<ConnectorAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<ConnectorAnswer>()
  let text = ''
  answer.setEncoding('utf8')
  answer.on('data', (piece: string) => {
    text += piece
    if (text.length > LONGEST_ANSWER) answer.destroy(new Error('the answer is too long'))
  })
  answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }))
  answer.on('error', reject)
  return promise
}
