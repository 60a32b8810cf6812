import type { Request, Response, Server } from 'restify'
import type { Principal } from '../../services/accounts/principal.ts'
import type { Sessions } from '../../services/accounts/sessions.ts'
import type { RateLimit, RateLimiter } from '../../services/storage/rate-limiter.ts'
import type { Origins } from './origins.ts'
import { sendError, sendJson, sendTooMany } from './respond.ts'
import type { SessionCookie } from './session-cookie.ts'

/** What the chat needs to open: `expiresIn` in seconds, and the member's open conversation, to be resumed. */
interface ChatToken {
  readonly token: string
  readonly userId: string
  readonly expiresIn: number
  readonly conversationId?: string
}

export interface ChatTokenRoute {
  readonly sessions: Sessions
  readonly rateLimiter: RateLimiter
  readonly origins: Origins
  readonly cookie: SessionCookie
  readonly mintToken: (principal: Principal) => Promise<ChatToken>
}

const tokensOfSession: RateLimit = { name: 'webchat.token', points: 10, seconds: 60 }

/** `POST /webchat/token`, with the session's cookie and from a page of ours → {@link ChatToken} */
export function installChatToken(server: Server, deps: ChatTokenRoute): void {
  server.post('/webchat/token', async (req: Request, res: Response) => {
    if (!deps.origins.isOwn(req.headers)) return sendError(res, 403, { code: 'originRefused' })
    const value = deps.cookie.read(req.headers)
    const session = value === undefined ? undefined : await deps.sessions.find(value)
    if (!session) return sendError(res, 401, { code: 'signedOut' })
    const { id: sessionId, memberId } = session
    const wait = await deps.rateLimiter.take(tokensOfSession, memberId)
    if (wait > 0) return sendTooMany(res, wait)
    const { token, userId, expiresIn, conversationId } = await deps.mintToken({ memberId, sessionId })
    sendJson(res, 200, { token, userId, expiresIn, conversationId })
  })
}
