import type { Request, Response, Server } from 'restify'
import type { Sessions } from '../../services/accounts/sessions.ts'
import type { RateLimit, RateLimiter } from '../../services/storage/rate-limiter.ts'
import type { Origins } from './origins.ts'
import { sendError, sendJson, sendTooMany } from './respond.ts'
import type { SessionCookie } from './session-cookie.ts'

/** What the chat needs to open; `expiresIn` in seconds. */
export interface ChatToken {
  readonly token: string
  readonly userId: string
  readonly expiresIn: number
}

export interface ChatTokenRoute {
  readonly sessions: Sessions
  readonly rateLimiter: RateLimiter
  readonly origins: Origins
  readonly cookie: SessionCookie
  readonly mintToken: (memberId: string, conversationId?: string) => Promise<ChatToken>
  /** The id of the member's open conversation, for resuming it. */
  readonly openConversationOf: (memberId: string) => Promise<string | undefined>
}

const tokensOfSession: RateLimit = { name: 'webchat.token', points: 10, seconds: 60 }

/** `POST /webchat/token`, with the session's cookie and from a page of ours → {@link ChatToken} and `conversationId?` */
export function installChatToken(server: Server, deps: ChatTokenRoute): void {
  server.post('/webchat/token', async (req: Request, res: Response) => {
    if (!deps.origins.isOwn(req.headers)) return sendError(res, 403, { code: 'originRefused' })
    const session = deps.cookie.read(req.headers)
    const memberId = session === undefined ? undefined : await deps.sessions.find(session)
    if (session === undefined || memberId === undefined) return sendError(res, 401, { code: 'signedOut' })
    const wait = await deps.rateLimiter.take(tokensOfSession, memberId)
    if (wait > 0) return sendTooMany(res, wait)
    const conversationId = await deps.openConversationOf(memberId)
    const token = await deps.mintToken(memberId, conversationId)
    sendJson(res, 200, { ...token, ...(conversationId !== undefined && { conversationId }) })
  })
}
