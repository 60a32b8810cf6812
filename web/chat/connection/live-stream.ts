import type { Answer } from '../../request-within.ts'
import { openHeardSocket } from './heard-socket.ts'
import type { HeardSocket } from './heard-socket.ts'
import { createPolling } from './polling.ts'
import type { SocketTrials } from './socket-trials.ts'

/** The code with which the server closes a socket whose session has ended. */
export const SESSION_ENDED = 4401

export type StreamSource = {
  readonly trials: SocketTrials
  readonly isWatched: () => boolean
  /** Reads over HTTP what has come since the last watermark. */
  readonly read: () => Promise<Answer>
  /** Asks for the address of another socket, which opens at the last watermark. */
  readonly address: () => Promise<{ readonly status: number; readonly url?: string }>
}

export type StreamEvents = {
  /** What the member says is answered: by a socket or over HTTP. */
  readonly heard: () => void
  readonly frame: (text: string) => void
  /** Neither way leads on. `status` is that of HTTP, 0 for the network, or {@link SESSION_ENDED}. */
  readonly lost: (status: number) => void
}

export type LiveStream = {
  /** Something is on its way: makes sure that it comes soon, or that a dead socket is found out. */
  readonly nudge: () => void
  readonly close: () => void
}

/*
 * What is new, by a socket where the network carries one, else by polling, and back without the page noticing. Both begin
 * at the last watermark; where they overlap, an activity that comes twice has the same id and takes the same place.
 */
export function openLiveStream(firstUrl: string, source: StreamSource, events: StreamEvents): LiveStream {
  let isClosed = false
  let socket: HeardSocket | undefined
  let heardAt: number | undefined
  /** How long the socket was of use that ended last; it counts once HTTP is known to go through. */
  let usedMs: number | undefined
  let nextTry: ReturnType<typeof setTimeout> | undefined

  const polling = createPolling({
    ...source,
    frame: events.frame,
    answered: () => {
      events.heard()
      if (usedMs === undefined) return
      source.trials.ended(usedMs)
      usedMs = undefined
      tryLater()
    },
    failed: lost,
  })

  function connect(url: string): void {
    socket = openHeardSocket(url, {
      heard: () => {
        heardAt = Date.now()
        polling.stop()
        events.heard()
      },
      frame: events.frame,
      ended: code => {
        if (code === SESSION_ENDED) return lost(SESSION_ENDED)
        usedMs = heardAt === undefined ? 0 : Date.now() - heardAt
        heardAt = undefined
        socket = undefined
        polling.start()
      },
    })
  }

  function tryLater(): void {
    clearTimeout(nextTry)
    nextTry = setTimeout(() => void tryAgain(), source.trials.waitMs())
  }

  async function tryAgain(): Promise<void> {
    if (isClosed || socket) return
    const { status, url } = await source.address()
    if (isClosed || socket) return
    if (url !== undefined) return connect(url)
    if (status === 401 || status === 403 || status === 404) return lost(status)
    usedMs = 0
  }

  function lost(status: number): void {
    if (isClosed) return
    close()
    events.lost(status)
  }

  function close(): void {
    isClosed = true
    clearTimeout(nextTry)
    polling.stop()
    socket?.close()
  }

  if (source.trials.waitMs() === 0) connect(firstUrl)
  else {
    polling.start()
    tryLater()
  }
  return { close, nudge: () => (heardAt === undefined ? polling.now() : socket?.probe()) }
}
