import { once } from 'node:events'
import type { IncomingMessage, Server as HttpServer } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { WebSocket } from 'ws'
import type { ConversationStore } from '../../../services/conversations/conversation-store.ts'
import type { RateLimiter } from '../../../services/storage/rate-limiter.ts'
import { isOpenFor } from './access.ts'
import { FRAME_LIMIT, PING_INTERVAL, SOCKETS_OF_A_MEMBER, connectLimit } from './limits.ts'
import type { Links } from './links.ts'
import { isForeignOrigin } from './origins.ts'
import { createRereading } from './rereading.ts'
import { streamTo } from './stream.ts'
import type { StreamParts, Viewer } from './stream.ts'
import { parseWatermark } from './transcript.ts'

export interface SocketParts extends Omit<StreamParts, 'rereading'> {
  readonly conversations: ConversationStore
  readonly links: Pick<Links, 'readTicket'>
  readonly rateLimiter: RateLimiter
  readonly allowedOrigins: ReadonlySet<string>
}

const SERVICE_RESTART = 1012
const TRY_AGAIN_LATER = 1013
/** Milliseconds. */
const GOODBYE = 2000

const streamPath = /^\/v3\/directline\/conversations\/([^/?]+)\/stream\?(.*)$/

/**
 * Serves the streams of conversations on a server's upgrades.
 * @returns how to let go of them
 */
export function installSockets(server: HttpServer, parts: SocketParts) {
  const webSockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: FRAME_LIMIT,
    perMessageDeflate: false,
  })
  const crowd = createCrowd()
  /** Those that nobody has let in yet. */
  const atTheDoor = new Set<Duplex>()
  let isClosed = false
  const rereading = createRereading(parts)
  const streaming: StreamParts = { ...parts, rereading }

  async function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    atTheDoor.add(socket)
    const viewer = await admit(request, parts).finally(() => atTheDoor.delete(socket))
    if (typeof viewer === 'number') return refuse(socket, viewer)
    if (isClosed) return refuse(socket, 503)
    webSockets.handleUpgrade(request, socket, head, webSocket => {
      crowd.add(viewer.memberId, webSocket)
      streamTo(webSocket, viewer, streaming)
    })
  }

  function onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const ours = request.url?.startsWith('/v3/directline/') ?? false
    if (!ours && server.listenerCount('upgrade') > 1) return
    socket.on('error', () => socket.destroy())
    upgrade(request, socket, head).catch(() => refuse(socket, 503))
  }

  server.on('upgrade', onUpgrade)
  return {
    /** Ends a member's streams, as when they sign out. */
    disconnect: (memberId: string) => crowd.disconnect(memberId),
    /** How many streams are open. */
    open: () => crowd.size(),
    /** The service restarts: clients come back by themselves. */
    async close(): Promise<void> {
      isClosed = true
      server.off('upgrade', onUpgrade)
      rereading.close()
      // No list of the server's has them: one that came in later would keep it from ending.
      for (const socket of atTheDoor) refuse(socket, 503)
      await crowd.close()
    },
  }
}

/** @returns who may look at what, or the HTTP status of a refusal */
async function admit(request: IncomingMessage, parts: SocketParts): Promise<Viewer | number> {
  const [, conversationId, query] = streamPath.exec(request.url ?? '') ?? []
  if (conversationId === undefined) return 404
  // Clients that are no page send no Origin: it is the ticket that lets in. A page of another site cannot leave it out.
  if (isForeignOrigin(request.headers.origin, parts.allowedOrigins)) return 401
  const parameters = new URLSearchParams(query)
  const ticket = await parts.links.readTicket(parameters.get('t') ?? '')
  if (ticket?.conversationId !== conversationId) return 401
  if ((await parts.rateLimiter.take(connectLimit, ticket.memberId)) > 0) return 429
  const conversation = await parts.conversations.find(conversationId)
  if (!isOpenFor(conversation, ticket.memberId)) return 404
  const watermark = parseWatermark(parameters.get('watermark'))
  const isAhead = watermark !== undefined && watermark > conversation.lastSeq
  return { ...ticket, watermark: isAhead ? undefined : watermark }
}

function refuse(socket: Duplex, status: number): void {
  if (!socket.writable) return
  socket.end(`HTTP/1.1 ${status} Refused\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`, () => socket.destroy())
}

/** All open sockets by member: the newest few of each, and only living ones. */
function createCrowd() {
  const members = new Map<string, Set<WebSocket>>()
  const alive = new WeakSet<WebSocket>()
  const all = () => members.values().flatMap(sockets => sockets.values())

  const pinging = setInterval(() => {
    for (const socket of all()) {
      if (!alive.delete(socket)) socket.terminate()
      else socket.ping()
    }
  }, PING_INTERVAL).unref()

  function leave(memberId: string, socket: WebSocket): void {
    const sockets = members.get(memberId)
    sockets?.delete(socket)
    if (sockets?.size === 0) members.delete(memberId)
  }

  return {
    add(memberId: string, socket: WebSocket): void {
      const sockets = members.get(memberId) ?? new Set()
      members.set(memberId, sockets.add(socket))
      alive.add(socket)
      socket.on('pong', () => alive.add(socket))
      socket.on('close', () => leave(memberId, socket))
      // The oldest is the likeliest to be dead; a living one comes back.
      const [oldest] = sockets
      if (sockets.size <= SOCKETS_OF_A_MEMBER || !oldest) return
      leave(memberId, oldest)
      oldest.close(TRY_AGAIN_LATER)
    },

    size: () => all().reduce(count => count + 1, 0),

    disconnect(memberId: string): void {
      for (const socket of members.get(memberId) ?? []) socket.close(TRY_AGAIN_LATER)
    },

    async close(): Promise<void> {
      clearInterval(pinging)
      await Promise.all([...all()].map(sayGoodbye))
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
