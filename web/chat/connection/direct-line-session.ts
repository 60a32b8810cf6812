import { ConnectionStatus, DirectLine } from 'botframework-directlinejs'
import type { Credentials } from './credentials.ts'

export type SessionEvents = {
  readonly ready: () => void
  readonly activity: (activity: unknown) => void
  /** The session is of no more use. `status` is the HTTP status that ended it, 0 for the network. */
  readonly broken: (status: number) => void
}

/** One life of a Direct Line connection: from a token to the first thing that breaks. It never repairs itself. */
export type DirectLineSession = {
  readonly client: DirectLine
  readonly close: () => void
}

export type SessionOptions = {
  readonly domain: string
  readonly credentials: Credentials
  readonly watermark: string
  readonly locale: string
}

/*
 * DirectLineJS reports "online" while its socket is down, retries a refused token for fifteen minutes and waits twenty
 * seconds after a network failure. So the socket and every answer are watched here, the first break closes the session,
 * and the connection around it opens a new one at the time that it finds right.
 */
export function openSession(options: SessionOptions, events: SessionEvents): DirectLineSession {
  let closed = false
  let lastStatus = 0
  const breakOnce = (status: number): void => {
    if (closed) return
    close()
    events.broken(status)
  }
  const client = new DirectLine({
    domain: options.domain,
    token: options.credentials.token,
    watermark: options.watermark,
    conversationStartProperties: { locale: options.locale },
    ...(options.credentials.conversationId ? { conversationId: options.credentials.conversationId } : {}),
    WebSocket: watchedWebSocket({ opened: () => !closed && events.ready(), ended: () => breakOnce(0) }),
  })
  watchRequests(client, (method, status) => {
    lastStatus = status
    if (status === 0 || status === 401 || status === 403 || method === 'GET') breakOnce(status)
  })
  const statuses = client.connectionStatus$.subscribe(status => {
    if (status === ConnectionStatus.FailedToConnect) breakOnce(lastStatus)
  })
  const activities = client.activity$.subscribe({
    next: activity => events.activity(activity),
    error: () => breakOnce(lastStatus),
  })
  function close(): void {
    closed = true
    statuses.unsubscribe()
    activities.unsubscribe()
    client.end()
  }
  return { client, close }
}

/** Tells of every request of the client that failed. Its services are private, and the only place where all of them pass. */
function watchRequests(client: DirectLine, failed: (method: string, status: number) => void): void {
  const services = client['services']
  const ajax: (request: AjaxRequest) => ReturnType<typeof services.ajax> = services.ajax
  const watched = (request: AjaxRequest) =>
    ajax(request).do({ error: (error: unknown) => failed(request.method ?? 'GET', statusOf(error)) })
  services.ajax = Object.assign(watched, services.ajax)
}

type AjaxRequest = { readonly method?: string; readonly url?: string }

const statusOf = (error: unknown): number =>
  typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) || 0 : 0

/** A WebSocket class whose instances tell when they open and end. */
function watchedWebSocket(events: { opened: () => void; ended: () => void }): typeof WebSocket {
  return class extends WebSocket {
    constructor(url: string | URL) {
      super(url)
      this.addEventListener('open', events.opened)
      this.addEventListener('close', events.ended)
    }
  }
}
