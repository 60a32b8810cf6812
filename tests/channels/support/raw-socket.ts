import { WebSocket } from 'ws'
import type { ClientOptions } from 'ws'

export interface Frame {
  readonly activities: readonly { readonly id: string; readonly text?: string }[]
  readonly watermark: string
}

export interface RawSocket {
  readonly socket: WebSocket
  readonly frames: readonly Frame[]
  /** Texts of all activities received, in their order. */
  texts(): (string | undefined)[]
  /** The close code, once it is closed. */
  readonly closed: Promise<number>
}

/** A bare WebSocket on a stream. */
export async function openSocket(url: string, options: ClientOptions): Promise<RawSocket> {
  const socket = new WebSocket(url, options)
  const frames: Frame[] = []
  // An empty frame is a sign of life and no more.
  socket.addEventListener(
    'message',
    ({ data }) => typeof data === 'string' && data !== '' && frames.push(JSON.parse(data)),
  )
  const closed = new Promise<number>(resolve => socket.on('close', resolve))
  await new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject))
  return { socket, frames, closed, texts: () => frames.flatMap(({ activities }) => activities.map(({ text }) => text)) }
}

/** @returns the HTTP status with which an upgrade was refused, or 101 */
export function upgradeStatus(url: string, options: ClientOptions): Promise<number | undefined> {
  return new Promise(resolve => {
    const socket = new WebSocket(url, options)
    socket.on('unexpected-response', (request, response) => {
      request.destroy()
      resolve(response.statusCode)
    })
    socket.on('open', () => {
      resolve(101)
      socket.terminate()
    })
    socket.on('error', () => undefined)
  })
}
