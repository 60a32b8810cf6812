import { createHash } from 'node:crypto'
import type { Request, Response, Server } from 'restify'
import { z } from 'zod'
import type { PageLinks } from '../../../services/accounts/page-links.ts'
import type { Sessions } from '../../../services/accounts/sessions.ts'
import { channelEvents } from '../../../services/conversations/channel-events.ts'
import type { ConversationStore } from '../../../services/conversations/conversation-store.ts'
import type { Language } from '../../../services/language.ts'
import type { RateLimit, RateLimiter } from '../../../services/storage/rate-limiter.ts'
import { readJson } from '../../http/json-body.ts'
import type { Origins } from '../../http/origins.ts'
import { sendError, sendNothing, sendTooMany } from '../../http/respond.ts'
import type { SessionCookie } from '../../http/session-cookie.ts'

/** Where a member goes on who was sent from Teams to the page. Behind a #, the link stays out of every log on the way. */
export function createSecurePage({ publicUrl, links }: { publicUrl: string; links: PageLinks }) {
  return (memberId: string, language: Language): string =>
    `${publicUrl}/?lang=${language}#teams=${links.issue(memberId)}`
}

export interface SecurePageRoute {
  readonly links: PageLinks
  readonly sessions: Sessions
  readonly origins: Origins
  readonly cookie: SessionCookie
  readonly rateLimiter: RateLimiter
  readonly conversations: Pick<ConversationStore, 'openOf' | 'takeIn'>
  readonly turns: { wake(conversationId: string, memberId?: string): void }
}

const BODY_LIMIT = 4 * 1024
const comings: RateLimit = { name: 'teams.page', points: 20, seconds: 60 }
const body = z.object({ link: z.string().min(1).max(1024) })

/**
 * `POST /teams/page` `{ link }`, with the session's cookie and from a page of ours: 204, and the web chat asks what the
 * member came for; 409 when the link was sent to somebody else, 410 when it has expired. The link signs nobody in.
 */
export function installSecurePage(server: Server, deps: SecurePageRoute): void {
  const { links, sessions, origins, cookie, rateLimiter } = deps
  server.post('/teams/page', async (req: Request, res: Response) => {
    if (!origins.isOwn(req.headers)) return sendError(res, 403, { code: 'originRefused' })
    const session = cookie.read(req.headers)
    const memberId = session === undefined ? undefined : (await sessions.find(session))?.memberId
    if (memberId === undefined) return sendError(res, 401, { code: 'signedOut' })
    const wait = await rateLimiter.take(comings, memberId)
    if (wait > 0) return sendTooMany(res, wait)
    const read = await readJson(req, BODY_LIMIT)
    const parsed = read.ok ? body.safeParse(read.value).data : undefined
    if (!parsed) return sendError(res, 400, { code: 'badRequest' })
    const found = links.read(parsed.link, memberId)
    if (found.ok) await welcome(deps, memberId, parsed.link)
    if (found.ok) return sendNothing(res)
    return found.reason === 'expired'
      ? sendError(res, 410, { code: 'expired' })
      : sendError(res, 409, { code: 'otherMember' })
  })
}

/** Once for each link. A chat that is opened for the first time asks by itself. */
async function welcome({ conversations, turns }: SecurePageRoute, memberId: string, link: string): Promise<void> {
  const chat = await conversations.openOf(memberId, 'webchat')
  if (!chat) return
  const { cameToPage: name } = channelEvents
  const clientId = `${name}|${createHash('sha256').update(link).digest('base64url')}`
  const taken = await conversations.takeIn(chat.id, { clientId, body: { type: 'event', name } })
  if (taken.taken === 'new') turns.wake(chat.id, memberId)
}
