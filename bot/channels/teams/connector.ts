import type { Activity } from 'botframework-schema'
import type { AppTokens } from '../../../services/directory/app-token.ts'
import { AppError } from '../../../services/errors.ts'
import type { Log } from '../../../services/log.ts'
import { type BotFramework, scopeOf } from './bot-framework.ts'
import { ConnectorFailure } from './connector-failure.ts'
import type { ServiceHosts } from './service-hosts.ts'

/**
 * How a call went. `later`: nothing has happened, or the documentation says to try again; `unknown`: it may have been
 * done; `gone`: the assistant may not speak there any more.
 */
export type Outcome =
  | { readonly result: 'done'; readonly id: string | undefined }
  | { readonly result: 'later'; readonly code: string; readonly afterMs: number | undefined }
  | { readonly result: 'unknown'; readonly code: string }
  | { readonly result: 'gone'; readonly code: string }
  | { readonly result: 'refused'; readonly code: string }

export interface Address {
  readonly serviceUrl: string
  /** Teams' id of the conversation. */
  readonly teamsId: string
}

export interface Connector {
  send(to: Address, message: Partial<Activity>): Promise<Outcome>
  update(to: Address, teamsActivityId: string, message: Partial<Activity>): Promise<Outcome>
  /** Under an activity of Teams', for a place that has no conversation of ours. */
  reply(to: Address, teamsActivityId: string, message: Partial<Activity>): Promise<Outcome>
}

export interface ConnectorDeps {
  readonly framework: BotFramework
  readonly hosts: ServiceHosts
  readonly tokens: AppTokens
  readonly oauthScope: string
  readonly log: Log
}

/** Those that Teams' documentation says to send again, and a server's own word that it did nothing. */
const againLater = new Set([412, 429, 502, 503, 504])

type Call = (conversations: Awaited<ReturnType<BotFramework['connector']>>['conversations']) => Promise<{ id?: string }>

export function createConnector({ framework, hosts, tokens, oauthScope, log }: ConnectorDeps): Connector {
  async function once({ serviceUrl }: Address, call: Call): Promise<Outcome> {
    try {
      const { conversations } = await framework.connector(serviceUrl)
      const { id } = await call(conversations)
      return { result: 'done', id }
    } catch (error) {
      return outcomeOf(error)
    }
  }

  async function attempt(to: Address, call: Call): Promise<Outcome> {
    // Settings may have changed since the address was stored: our token goes along.
    if (!hosts(to.serviceUrl)) return { result: 'refused', code: 'host-not-allowed' }
    const scope = scopeOf(oauthScope)
    const outcome = await once(to, call)
    if (!('code' in outcome) || outcome.code !== '401') return outcome
    log.warn('teams.token-refused')
    const token = await tokens.tokenFor(scope).catch(() => undefined)
    if (token !== undefined) tokens.forget(scope, token)
    return once(to, call)
  }

  return {
    send: (to, message) => attempt(to, conversations => conversations.sendToConversation(to.teamsId, message)),
    update: (to, id, message) => attempt(to, conversations => conversations.updateActivity(to.teamsId, id, message)),
    reply: (to, id, message) => attempt(to, conversations => conversations.replyToActivity(to.teamsId, id, message)),
  }
}

function outcomeOf(error: unknown): Outcome {
  if (error instanceof AppError) return { result: 'later', code: error.code, afterMs: undefined }
  if (!(error instanceof ConnectorFailure)) return { result: 'unknown', code: 'unreadable-answer' }
  const { reached, status, retryAfterMs: afterMs } = error
  if (status === undefined) {
    return reached === 'not-reached'
      ? { result: 'later', code: 'not-reached', afterMs }
      : { result: 'unknown', code: 'no-answer' }
  }
  const code = String(status)
  if (againLater.has(status) || status === 401) return { result: 'later', code, afterMs }
  if (status === 403 || status === 404) return { result: 'gone', code }
  return status === 408 || status >= 500 ? { result: 'unknown', code } : { result: 'refused', code }
}
