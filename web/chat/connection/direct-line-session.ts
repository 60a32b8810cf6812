import { ConnectionStatus, DirectLine } from 'botframework-directlinejs'
import { readJson, requestWithin } from '../../request-within.ts'
import type { Answer } from '../../request-within.ts'
import type { Credentials } from './credentials.ts'
import { openLiveStream } from './live-stream.ts'
import type { LiveStream, StreamSource } from './live-stream.ts'

export type SessionEvents = {
  readonly ready: () => void
  readonly activity: (activity: unknown) => void
  /** The session is of no more use. `status` is the HTTP status that ended it, 0 for the network. */
  readonly broken: (status: number) => void
}

/** One life of a Direct Line connection: from a token to the first thing that breaks. It never repairs itself. */
export type DirectLineSession = {
  readonly client: DirectLine
  /** Something is on its way: see {@link LiveStream}. */
  readonly nudge: () => void
  /** The last message was refused since the service can store nothing now. */
  readonly isFull: () => boolean
  readonly close: () => void
}

export type SessionOptions = Pick<StreamSource, 'trials' | 'isWatched'> & {
  readonly domain: string
  readonly credentials: Credentials
  readonly watermark: string
  readonly locale: string
}

/** Milliseconds that a request may take, its answer included. */
export const requestMs = 15_000
/** HTTP's *Insufficient Storage*. */
export const NO_SPACE = 507

/*
 * DirectLineJS waits for ever for a socket that never opens, never polls once it has chosen sockets, reports "online"
 * while its socket is down, retries a refused token for fifteen minutes and waits twenty seconds after a network failure.
 * So it gets a stream of ours in the place of its socket, every answer is watched here, the first break closes the session,
 * and the connection around it opens a new one at the time that it finds right.
 */
export function openSession(options: SessionOptions, events: SessionEvents): DirectLineSession {
  let closed = false
  let lastStatus = 0
  let isReady = false
  let isFull = false
  let stream: LiveStream | undefined
  const breakOnce = (status: number): void => {
    if (closed) return
    close()
    events.broken(status)
  }
  const ready = (): void => {
    if (closed || isReady) return
    isReady = true
    events.ready()
  }
  const client: DirectLine = new DirectLine({
    domain: options.domain,
    token: options.credentials.token,
    watermark: options.watermark,
    conversationStartProperties: { locale: options.locale },
    ...(options.credentials.conversationId ? { conversationId: options.credentials.conversationId } : {}),
    timeout: requestMs,
    WebSocket: streamAsSocket((url, frame) => {
      const source = { ...options, ...requestsOf(client, options.domain) }
      return (stream = openLiveStream(url, source, { heard: ready, frame, lost: breakOnce }))
    }),
  })
  watchRequests(client, ({ method, status, isLate }) => {
    // A message that is not answered says nothing yet about the line: it is sent again, and the stream looks for itself.
    if (isLate && method === 'POST' && stream) return stream.nudge()
    lastStatus = status
    if (method === 'POST') isFull = status === NO_SPACE
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
  return { client, close, isFull: () => isFull, nudge: () => stream?.nudge() }
}

/** Tells of every request of the client that failed. Its services are private, and the only place where all of them pass. */
function watchRequests(client: DirectLine, failed: (failure: Failure) => void): void {
  const services = client['services']
  const ajax: (request: AjaxRequest) => ReturnType<typeof services.ajax> = services.ajax
  const watched = (request: AjaxRequest) => {
    const begun = Date.now()
    // The client tells a time-out as any other failure of the network.
    const isLate = (): boolean => Date.now() - begun >= requestMs
    const { method = 'GET' } = request
    return ajax(request).do({
      error: (error: unknown) => failed({ method, status: statusOf(error), isLate: isLate() }),
    })
  }
  services.ajax = Object.assign(watched, services.ajax)
}

type AjaxRequest = { readonly method?: string; readonly url?: string }

type Failure = { readonly method: string; readonly status: number; readonly isLate: boolean }

const statusOf = (error: unknown): number =>
  typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) || 0 : 0

/** What DirectLineJS uses of a WebSocket, over a stream that finds its own way. */
function streamAsSocket(open: (url: string, frame: (text: string) => void) => LiveStream): typeof WebSocket {
  class StreamSocket {
    readonly readyState = WebSocket.OPEN
    onmessage: ((message: { data: string }) => void) | null = null
    private readonly stream: LiveStream
    constructor(url: string) {
      this.stream = open(url, data => this.onmessage?.({ data }))
    }
    close(): void {
      this.stream.close()
    }
  }
  return StreamSocket as unknown as typeof WebSocket
}

/** The client's requests that it cannot make by itself, with its token, watermark and conversation of the moment. */
function requestsOf(client: DirectLine, domain: string): Pick<StreamSource, 'read' | 'address'> {
  function get(path: string): Promise<Answer> {
    const url = `${domain}/conversations/${encodeURIComponent(client['conversationId'])}${path}`
    const watermark = encodeURIComponent(client['watermark'])
    const headers = { authorization: `Bearer ${client['token']}`, accept: 'application/json' }
    return requestWithin(requestMs, `${url}?watermark=${watermark}`, { headers })
  }
  return {
    read: () => get('/activities'),
    address: async () => {
      const answer = await get('')
      const { token, streamUrl } = readResumed(readJson(answer))
      if (answer.status !== 200 || token === undefined || streamUrl === undefined) return { status: answer.status }
      client['token'] = token
      return { status: 200, url: streamUrl }
    },
  }
}

function readResumed(body: unknown): { token?: string; streamUrl?: string } {
  if (typeof body !== 'object' || body === null || !('token' in body) || !('streamUrl' in body)) return {}
  const { token, streamUrl } = body
  return typeof token === 'string' && typeof streamUrl === 'string' ? { token, streamUrl } : {}
}
