import { setTimeout as sleep } from 'node:timers/promises'
import type { Faults } from '../faults.ts'
import type { IdentityProvider } from '../identity/identity-provider.ts'

/** One POST to the bot. */
export interface Delivery {
  readonly activityId: string
  readonly type: string
  /** `late`: no answer within the limit; `unreachable`: no connection, or it broke. */
  readonly status: number | 'late' | 'unreachable'
  readonly ms: number
  /** When it was sent. */
  readonly at: Date
  /** The bot's own answer, for `invoke`; why it is `unreachable`. */
  readonly body: string
}

export interface WebhookDeps {
  readonly botUrl: () => string
  readonly identity: IdentityProvider
  readonly faults: Faults
  readonly deliveries: Delivery[]
  readonly nextId: () => string
  readonly now: () => Date
  /** Teams waits 15 s. */
  readonly answerWithinMs: number
  /** Teams comes back with a new id some 30 s later. */
  readonly redeliverAfterMs: number
}

export type Incoming = Readonly<Record<string, unknown>> & {
  readonly id: string
  readonly type: string
  readonly serviceUrl: string
}

export interface Webhook {
  /**
   * Posts an activity to the bot and waits for its answer, as Teams does: who answers late gets it again.
   * @returns every attempt, the first one first; empty for one that is held back until the next
   */
  deliver(activity: Incoming): Promise<Delivery[]>
  /** Posts exactly this, with this header; nothing is repeated. */
  post(activity: unknown, authorization: string | undefined): Promise<Delivery>
}

export function createWebhook(deps: WebhookDeps): Webhook {
  const { identity, faults, answerWithinMs } = deps
  const held: Incoming[] = []

  async function post(activity: unknown, authorization: string | undefined): Promise<Delivery> {
    const { id = '', type = '' } = { ...(activity as Partial<Incoming>) }
    const started = performance.now()
    const at = deps.now()
    const headers = { 'Content-Type': 'application/json; charset=utf-8', 'User-Agent': 'Microsoft-SkypeBotApi' }
    const finish = (status: Delivery['status'], body = ''): Delivery => {
      const delivery = { activityId: id, type, status, ms: Math.round(performance.now() - started), at, body }
      deps.deliveries.push(delivery)
      return delivery
    }
    try {
      const response = await fetch(deps.botUrl(), {
        method: 'POST',
        headers: authorization === undefined ? headers : { ...headers, Authorization: authorization },
        body: JSON.stringify(activity),
        signal: AbortSignal.timeout(answerWithinMs),
      })
      return finish(response.status, await response.text())
    } catch (error) {
      if (error instanceof Error && error.name === 'TimeoutError') return finish('late')
      const cause = error instanceof Error ? error.cause : undefined
      return finish('unreachable', cause instanceof Error ? cause.message : '')
    }
  }

  const signed = async (activity: Incoming): Promise<Delivery> =>
    await post(activity, `Bearer ${await identity.connectorToken(activity.serviceUrl)}`)

  async function again(activity: Incoming): Promise<Delivery[]> {
    await sleep(deps.redeliverAfterMs, undefined, { ref: false })
    const renewed = { ...activity, id: deps.nextId(), timestamp: deps.now().toISOString() }
    return [await signed(renewed), await signed(renewed)]
  }

  async function attempt(activity: Incoming): Promise<Delivery[]> {
    const fault = faults.takeForDelivery()
    if (fault === 'held') {
      held.push(activity)
      return []
    }
    if (fault === 'duplicate') return await Promise.all([signed(activity), signed(activity)])
    const first = await signed(activity)
    if (fault !== 'redelivered' && first.status !== 'late') return [first]
    return [first, await signed(activity), ...(await again(activity))]
  }

  return {
    post,
    async deliver(activity) {
      const attempts = await attempt(activity)
      if (attempts.length > 0) for (const late of held.splice(0)) attempts.push(await signed(late))
      return attempts
    },
  }
}
