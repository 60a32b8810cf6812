import { DirectLine } from 'botframework-directlinejs'
import type { Activity } from 'botframework-directlinejs'
import { WebSocket } from 'ws'
import { xmlHttpRequestFrom, type Exchanged } from './xml-http-request.ts'

export interface ClientOptions {
  readonly domain: string
  /** Of the page that runs it; none for a program that is no page. */
  readonly origin: string | undefined
  readonly token: string
  readonly conversationId?: string
  readonly webSocket?: boolean
  /** Where a page that was open before goes on. */
  readonly watermark?: string
  /** Milliseconds, of a request and between two tries to reconnect. The client's own default is 20 s. */
  readonly timeout?: number
  /** A connection of its own for every request. */
  readonly scattered?: boolean
  /** Hears of every request that has ended. */
  readonly onExchanged?: ((exchanged: Exchanged) => void) | undefined
}

export type Client = ReturnType<typeof connectClient>

/** What a test looks at of an activity, whatever its type. */
export interface Seen {
  readonly id: string
  readonly type: string
  readonly text: string | undefined
  readonly role: string | undefined
  readonly timestamp: string
  readonly channelData: Readonly<Record<string, unknown>>
  readonly all: Readonly<Record<string, unknown>>
}

/** Microsoft's own client, as a page of `origin` or a program runs it, and all that it has received. */
export function connectClient(options: ClientOptions) {
  const { origin, webSocket = true, scattered = false, onExchanged, ...page } = options
  globalThis.XMLHttpRequest = xmlHttpRequestFrom(origin, scattered ? { connection: 'close' } : {}, onExchanged)
  const sockets: WebSocket[] = []
  const closes: number[] = []
  class PageSocket extends WebSocket {
    constructor(url: string) {
      super(url, origin === undefined ? {} : { origin })
      sockets.push(this)
      this.on('close', code => closes.push(code))
    }
  }
  // The client retries after 3 to 15 s; a test draws the shortest.
  const directLine = new DirectLine({ ...page, webSocket, pollingInterval: 200, ...services(PageSocket) })
  const received: Seen[] = []
  let isLost = false
  const subscription = directLine.activity$.subscribe({
    next: activity => received.push(seen(activity)),
    error: () => (isLost = true),
  })

  return {
    directLine,
    received,
    sockets,
    /** Whether the client has given up: only another one can go on. */
    isLost: () => isLost,
    /** The codes that sockets were closed with. */
    closes,
    /** @returns the id that the server gave it, `retry`, or the status that the client gives up on */
    post: (activity: object): Promise<string | number> =>
      directLine
        .postActivity({ from: { id: 'anybody' }, ...activity } as Activity)
        .toPromise()
        .catch((error: { status: number }) => error.status),
    /** The bubbles as Web Chat shows them: one an id, each as received last, in order of place. */
    shown: () => bubbles(received),
    /** What a page keeps to go on after a reload. */
    position: () => ({
      watermark: directLine['watermark'],
      conversationId: directLine['conversationId'],
      token: directLine['token'],
    }),
    close(): void {
      subscription.unsubscribe()
      directLine.end()
      for (const socket of sockets) socket.terminate()
    },
  }
}

/** Parts of itself that the client lets a caller replace, though its types do not say so. */
const services = (PageSocket: new (url: string) => WebSocket): object => ({ WebSocket: PageSocket, random: () => 0 })

function seen(activity: Activity): Seen {
  const all: Record<string, unknown> = { ...activity }
  const text = typeof all.text === 'string' ? all.text : undefined
  const { id = '', type, timestamp = '', channelData = {}, from } = activity
  return { id, type, text, role: from.role, timestamp, channelData, all }
}

function bubbles(received: readonly Seen[]): Seen[] {
  const latest = new Map(received.map(activity => [activity.id, activity]))
  return [...latest.values()].sort((one, other) => placeOf(one) - placeOf(other))
}

const placeOf = ({ channelData }: Seen) => Number(channelData['webchat:sequence-id'])

/** Waits for a condition that traffic brings about. */
export async function until(isSo: () => boolean, what: string, milliseconds = 30_000): Promise<void> {
  const end = Date.now() + milliseconds
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`)
    await new Promise(resolve => setTimeout(resolve, 10))
  }
}
