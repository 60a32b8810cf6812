import type { IncomingMessage, Server as HttpServer } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { Liveness } from '../../../services/accounts/liveness.ts'
import type { StreamTickets } from '../../../services/accounts/stream-tickets.ts'
import type { ConversationStore } from '../../../services/conversations/conversation-store.ts'
import type { RateLimiter } from '../../../services/storage/rate-limiter.ts'
import { isOpenFor } from './access.ts'
import { FRAME_LIMIT, connectLimit } from './limits.ts'
import type { Links } from './links.ts'
import { isForeignOrigin } from './origins.ts'
import { createRereading } from './rereading.ts'
import { createCrowd } from './socket-crowd.ts'
import { streamTo } from './stream.ts'
import type { StreamParts, Viewer } from './stream.ts'
import { parseWatermark } from './transcript.ts'

export interface SocketParts extends Omit<StreamParts, 'rereading'> {
  readonly conversations: ConversationStore
  readonly links: Pick<Links, 'readTicket'>
  readonly streamTickets: Pick<StreamTickets, 'use'>
  readonly liveness: Liveness
  readonly now: () => Date
  readonly rateLimiter: RateLimiter
  readonly allowedOrigins: ReadonlySet<string>
}

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
  const crowd = createCrowd(parts.now)
  const unwatch = parts.liveness.watch(crowd)
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
      crowd.add(viewer.principal, webSocket)
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
    /** How many streams are open. */
    open: () => crowd.size(),
    /** The service restarts: clients come back by themselves. */
    async close(): Promise<void> {
      isClosed = true
      server.off('upgrade', onUpgrade)
      unwatch()
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
  const { principal } = ticket
  if ((await parts.rateLimiter.take(connectLimit, principal.memberId)) > 0) return 429
  if (!(await parts.liveness.isLive(principal))) return 401
  const conversation = await parts.conversations.find(conversationId)
  if (!isOpenFor(conversation, principal.memberId)) return 404
  if (!(await parts.streamTickets.use(ticket))) return 401
  const watermark = parseWatermark(parameters.get('watermark'))
  const isAhead = watermark !== undefined && watermark > conversation.lastSeq
  return { principal, conversationId, watermark: isAhead ? undefined : watermark }
}

function refuse(socket: Duplex, status: number): void {
  if (!socket.writable) return
  socket.end(`HTTP/1.1 ${status} Refused\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`, () => socket.destroy())
}
