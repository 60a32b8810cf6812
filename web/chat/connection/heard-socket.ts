export type SocketEvents = {
  /** The first thing has come through: the socket is worth something. */
  readonly heard: () => void
  readonly frame: (text: string) => void
  /** Once, when it closed, failed or fell silent. `code`: why the server closed it. */
  readonly ended: (code?: number) => void
}

export type HeardSocket = {
  /** Asks the server for a sign of life now. */
  readonly probe: () => void
  readonly close: () => void
}

/** A server of ours says something at once; what does not come within this time will not come. */
const firstWordMs = 5_000
const pingEveryMs = 20_000
/** Longer than the first word may take: an upload can fill a thin line for seconds. */
const answerMs = 10_000

/*
 * A WebSocket with a clock. Proxies refuse sockets, accept a handshake without ever answering it, and let an open one die
 * in silence, which a browser notices after minutes or never. The server answers each empty frame with an empty frame.
 */
export function openHeardSocket(url: string, events: SocketEvents): HeardSocket {
  let isHeard = false
  let isAsked = false
  let isEnded = false
  const socket = new WebSocket(url)
  let clock = setTimeout(() => end(), firstWordMs)
  const pinging = setInterval(() => probe(), pingEveryMs)

  function end(code?: number): void {
    if (isEnded) return
    close()
    events.ended(code)
  }

  function close(): void {
    isEnded = true
    clearTimeout(clock)
    clearInterval(pinging)
    socket.close()
  }

  function probe(): void {
    if (!isHeard || isAsked || isEnded) return
    isAsked = true
    clock = setTimeout(() => end(), answerMs)
    socket.send('')
  }

  socket.addEventListener('message', ({ data }) => {
    if (isEnded) return
    clearTimeout(clock)
    isAsked = false
    if (!isHeard) events.heard()
    isHeard = true
    if (data !== '') events.frame(String(data))
  })
  // An error is followed by a close, which alone has a code.
  socket.addEventListener('close', ({ code }) => end(code))
  return { probe, close }
}
