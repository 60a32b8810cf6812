import { once } from 'node:events'
import type { WebSocket } from 'ws'
import type { Watcher } from '../../../services/accounts/liveness.ts'
import { type Principal, principalKey } from '../../../services/accounts/principal.ts'
import { PING_INTERVAL, SOCKETS_OF_A_MEMBER, SOCKET_LIFETIME } from './limits.ts'

/** Of ours: the session has ended, and a page shows nothing more of the conversation. */
export const SESSION_ENDED = 4401
const SERVICE_RESTART = 1012
export const TRY_AGAIN_LATER = 1013
/** Milliseconds. */
const GOODBYE = 2000

interface Visit {
  readonly principal: Principal
  /** Unix milliseconds. */
  readonly ends: number
}

export type Crowd = ReturnType<typeof createCrowd>

/** All open sockets by member: the newest few of each, only living ones, each for a limited time. */
export function createCrowd(now: () => Date) {
  const members = new Map<string, Map<WebSocket, Visit>>()
  const alive = new WeakSet<WebSocket>()
  const all = () => members.values().flatMap(sockets => sockets.entries())

  const pinging = setInterval(() => {
    for (const [socket] of all()) {
      if (!alive.delete(socket)) socket.terminate()
      else socket.ping()
    }
  }, PING_INTERVAL).unref()

  function leave(memberId: string, socket: WebSocket): void {
    const sockets = members.get(memberId)
    sockets?.delete(socket)
    if (sockets?.size === 0) members.delete(memberId)
  }

  /** Those that came together do not go together. */
  const endOf = ({ until = Infinity }: Principal) =>
    Math.min(until, now().getTime() + SOCKET_LIFETIME * (1 - Math.random() / 4))

  const watcher: Watcher = {
    *open() {
      const time = now().getTime()
      for (const [socket, { principal, ends }] of all()) {
        if (ends > time) yield principal
        else socket.close(TRY_AGAIN_LATER)
      }
    },
    ended(keys) {
      for (const [socket, { principal }] of all()) if (keys.has(principalKey(principal))) socket.close(SESSION_ENDED)
    },
  }

  return {
    ...watcher,

    add(principal: Principal, socket: WebSocket): void {
      const { memberId } = principal
      const sockets = members.get(memberId) ?? new Map<WebSocket, Visit>()
      members.set(memberId, sockets.set(socket, { principal, ends: endOf(principal) }))
      alive.add(socket)
      socket.on('pong', () => alive.add(socket))
      socket.on('close', () => leave(memberId, socket))
      // The oldest is the likeliest to be dead; a living one comes back.
      const [oldest] = sockets.keys()
      if (sockets.size <= SOCKETS_OF_A_MEMBER || !oldest) return
      leave(memberId, oldest)
      oldest.close(TRY_AGAIN_LATER)
    },

    size: () => all().reduce(count => count + 1, 0),

    async close(): Promise<void> {
      clearInterval(pinging)
      await Promise.all([...all()].map(([socket]) => sayGoodbye(socket)))
    },
  }
}

/** Resolves when the socket is closed; one that does not answer is cut off. */
async function sayGoodbye(socket: WebSocket): Promise<void> {
  const closed = once(socket, 'close')
  socket.close(SERVICE_RESTART)
  const cutOff = setTimeout(() => socket.terminate(), GOODBYE)
  await closed
  clearTimeout(cutOff)
}
