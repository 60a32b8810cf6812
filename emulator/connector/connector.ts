import { createFaults, type Faults } from '../faults.ts'
import { startLoopbackServer } from '../http/loopback-server.ts'
import type { IdentityProvider } from '../identity/identity-provider.ts'
import { createChats, type Chat, type Chats } from './chats.ts'
import { connectorRoutes, type RecordedCall } from './connector-routes.ts'
import { createPastedImages, type PastedImages } from './pasted-images.ts'
import { envelope } from './person-activities.ts'
import { createWebhook, type Delivery, type Incoming, type Webhook } from './webhook.ts'

export interface Connector {
  readonly url: string
  readonly appId: string
  /** What activities name, and what the connector's tokens are bound to. */
  readonly serviceUrl: string
  readonly chats: Chats
  readonly images: PastedImages
  readonly faults: Faults
  /** The bot's calls and the deliveries to it, in order. */
  readonly calls: readonly RecordedCall[]
  readonly deliveries: readonly Delivery[]
  readonly webhook: Webhook
  /** What the person did, as an activity; nothing is sent. */
  activityOf(chat: Chat, what: Readonly<Record<string, unknown>>): Incoming
  /** The bot's address, where it was not known at the start. */
  setBotUrl(url: string): void
  close(): Promise<void>
}

export interface ConnectorOptions {
  readonly identity: IdentityProvider
  /** `http://HOST:PORT/api/messages` */
  readonly botUrl?: string
  readonly port?: number
  readonly now?: () => Date
  readonly answerWithinMs?: number
  readonly redeliverAfterMs?: number
  /** Teams' limits of calls in a chat; on by default. */
  readonly throttled?: boolean
}

/** The Bot Connector of Teams: takes the bot's calls, and brings it what people do. */
export async function startConnector(options: ConnectorOptions): Promise<Connector> {
  const { identity, now = () => new Date() } = options
  const { appId, tenantId } = identity.registration
  const chats = createChats({ tenantId, now })
  const faults = createFaults()
  const calls: RecordedCall[] = []
  const deliveries: Delivery[] = []
  let serviceUrl = ''
  const images = createPastedImages(() => serviceUrl)
  let botUrl = options.botUrl ?? ''
  const { throttled = true } = options
  const routes = connectorRoutes({
    chats,
    identity,
    faults,
    images,
    calls,
    now,
    serviceUrl: () => serviceUrl,
    throttled,
  })
  const server = await startLoopbackServer(routes, options.port)
  serviceUrl = `${server.url}/emea/${tenantId}/`
  const webhook = createWebhook({
    botUrl: () => botUrl,
    identity,
    faults,
    deliveries,
    nextId: () => chats.nextId(),
    now,
    answerWithinMs: options.answerWithinMs ?? 15_000,
    redeliverAfterMs: options.redeliverAfterMs ?? 30_000,
  })
  return {
    url: server.url,
    appId,
    serviceUrl,
    chats,
    images,
    faults,
    calls,
    deliveries,
    webhook,
    activityOf: (chat, what) =>
      envelope({ appId, serviceUrl: () => serviceUrl, nextId: () => chats.nextId(), now }, chat, what),
    setBotUrl(url) {
      botUrl = url
    },
    close: () => server.close(),
  }
}
