import { createHash, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import type { ConversationStore } from '../../../services/conversations/conversation-store.ts'
import type { RateLimiter } from '../../../services/storage/rate-limiter.ts'
import type { Principal } from '../../../services/accounts/principal.ts'
import { json, refusal } from './answer.ts'
import { bearerToken } from './access.ts'
import type { MemberHandler } from './access.ts'
import type { Handler } from './exchange.ts'
import { readJson } from './json-body.ts'
import { OPENING_LIMIT, TOKEN_LIFETIME, refreshLimit } from './limits.ts'
import { userIdOf } from './tokens.ts'
import type { IssuedToken, Tokens } from './tokens.ts'

export interface TokenRouteParts {
  readonly tokens: Tokens
  readonly conversations: ConversationStore
  readonly rateLimiter: RateLimiter
  readonly members: { findByPpr(ppr: string): Promise<{ readonly id: string } | undefined> }
  readonly now: () => Date
  /** Undefined: the foundation's portal does not ask for tokens. */
  readonly directLineSecret: string | undefined
}

export interface IssuedChatToken extends IssuedToken {
  readonly userId: string
  /** The member's open conversation. */
  readonly conversationId?: string
}

/** Issues a member's token, for their open conversation when there is one. Whoever calls has made sure who they are. */
export function createTokenOffice({ tokens, conversations }: Pick<TokenRouteParts, 'tokens' | 'conversations'>) {
  return async function tokenFor(principal: Principal): Promise<IssuedChatToken> {
    const conversationId = (await conversations.openOf(principal.memberId, 'webchat'))?.id
    const token = await tokens.issue(principal, conversationId)
    const issued = { token, userId: userIdOf(principal.memberId), expiresIn: TOKEN_LIFETIME / 1000 }
    return conversationId === undefined ? issued : { ...issued, conversationId }
  }
}

const generateSchema = z.object({ user: z.object({ id: z.string().regex(/^dl_\d{1,20}$/) }) })

/**
 * `POST /tokens/generate`, server to server: the secret vouches for the member that the body names by PPR. The portal's own
 * session is unknown here, so what it vouched for ends after half an hour, however often it is refreshed.
 */
export function generateToken(parts: TokenRouteParts): Handler {
  const tokenFor = createTokenOffice(parts)
  return async ({ request }) => {
    if (parts.directLineSecret === undefined) return refusal('notFound')
    if (!isSecret(bearerToken(request), parts.directLineSecret)) return refusal('unauthorized')
    const body = await readJson(request, OPENING_LIMIT)
    if (!body.ok) return refusal(body.refused)
    const asked = generateSchema.safeParse(body.value)
    if (!asked.success) return refusal('request.malformed')
    const member = await parts.members.findByPpr(asked.data.user.id.slice('dl_'.length))
    if (!member) return refusal('notFound')
    const { token, expiresIn, conversationId } = await tokenFor({
      memberId: member.id,
      until: parts.now().getTime() + TOKEN_LIFETIME,
    })
    return json(200, { token, expires_in: expiresIn, ...(conversationId !== undefined && { conversationId }) })
  }
}

/** Compares hashes, which are of one length, in a time that tells nothing. */
function isSecret(given: string | undefined, secret: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return given !== undefined && timingSafeEqual(hash(given), hash(secret))
}

/** `POST /tokens/refresh` */
export function refreshToken({ tokens, rateLimiter }: TokenRouteParts): MemberHandler {
  return async (_, bearer) => {
    if ((await rateLimiter.take(refreshLimit, bearer.memberId)) > 0) return refusal('rateLimited')
    const { token, expiresIn } = await tokens.renew(bearer)
    const { conversationId } = bearer
    return json(200, {
      token,
      expires_in: expiresIn,
      ...(conversationId !== undefined && { conversationId }),
    })
  }
}
