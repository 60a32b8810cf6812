import type { Server as HttpServer } from 'node:http'
import type { Server } from 'restify'
import type { Liveness } from '../../../services/accounts/liveness.ts'
import type { Principal } from '../../../services/accounts/principal.ts'
import type { Sessions } from '../../../services/accounts/sessions.ts'
import type { StreamTickets } from '../../../services/accounts/stream-tickets.ts'
import type { ConversationStore } from '../../../services/conversations/conversation-store.ts'
import type { Keyring } from '../../../services/keys/keyring.ts'
import type { Language } from '../../../services/language.ts'
import type { Log } from '../../../services/log.ts'
import type { Queryable } from '../../../services/storage/database.ts'
import type { EventBus } from '../../../services/storage/event-bus.ts'
import type { RateLimiter } from '../../../services/storage/rate-limiter.ts'
import { createPublicAddress } from '../../public-address.ts'
import { createAccess } from './access.ts'
import { getActivities, postActivity } from './activity-routes.ts'
import { json, refusal } from './answer.ts'
import { resumeConversation, startConversation } from './conversation-routes.ts'
import { createDelivery } from './delivery.ts'
import { createRouter } from './exchange.ts'
import { downloadFile } from './file-route.ts'
import type { KeptDocuments } from './file-route.ts'
import { createIntake } from './intake.ts'
import type { Turns } from './intake.ts'
import { createLinks } from './links.ts'
import { preflight } from './origins.ts'
import { installSockets } from './sockets.ts'
import { createTokenOffice, generateToken, refreshToken } from './token-routes.ts'
import type { IssuedChatToken, TokenRouteParts } from './token-routes.ts'
import { createTokens } from './tokens.ts'
import { createTranscript } from './transcript.ts'
import { createUpload, ownUpload, tusOptions } from './tus-routes.ts'
import type { TusParts } from './tus-routes.ts'
import { upload } from './upload-route.ts'
import type { ReceivedDocuments, UploadParts } from './upload-route.ts'

export interface DirectLineDeps {
  readonly conversations: ConversationStore
  readonly documents: ReceivedDocuments & KeptDocuments
  readonly uploads: TusParts['uploads']
  readonly database: Queryable
  /** The member's open request: a file is taken only at its step `document`. */
  readonly openDraftOf: UploadParts['openDraftOf']
  readonly eventBus: EventBus
  readonly rateLimiter: RateLimiter
  readonly keyring: Keyring
  readonly sessions: Pick<Sessions, 'touch'>
  readonly liveness: Liveness
  readonly streamTickets: Pick<StreamTickets, 'use'>
  readonly turns: Turns
  /** The member's RIB, 24 digits, while they are asked to confirm it, and else nothing. */
  readonly revealRib: (memberId: string) => Promise<string | undefined>
  readonly members: TokenRouteParts['members']
  readonly now: () => Date
  readonly newId: () => string
  readonly log: Log
  /** Where clients reach us. */
  readonly publicUrl: string
  readonly allowedOrigins: readonly string[]
  /** Undefined: `tokens/generate` is not there. */
  readonly directLineSecret?: string | undefined
  /** The name beside what the assistant says. */
  readonly botName: (language: Language) => string
}

export interface DirectLine {
  /** A token for a member whose identity the caller has made sure of, for their open conversation if there is one. */
  tokenFor(principal: Principal): Promise<IssuedChatToken>
  /** Streams of this instance. */
  socketsOpen(): number
  /** Closes every stream with 1012, so that clients come back to the next process. */
  close(): Promise<void>
}

const base = '/v3/directline'

/**
 * Installs Direct Line 3.0 on a server's routes and on the upgrades of the `http` server that listens for it.
 * Conversations belong to a member; a token reaches its member's own and nothing else.
 */
export function installDirectLine(server: Server, deps: DirectLineDeps & { http: HttpServer }): DirectLine {
  const allowedOrigins = new Set(deps.allowedOrigins)
  const tokens = createTokens(deps)
  const address = createPublicAddress(deps.publicUrl)
  const links = createLinks(deps, address.origin)
  const transcript = createTranscript({ ...deps, delivery: createDelivery({ ...deps, links }) })
  const parts = { ...deps, directLineSecret: deps.directLineSecret, allowedOrigins, address, tokens, links, transcript }
  installRoutes(server, { ...parts, intake: createIntake(deps) })
  const sockets = installSockets(deps.http, parts)
  return {
    tokenFor: createTokenOffice(parts),
    socketsOpen: () => sockets.open(),
    close: () => sockets.close(),
  }
}

type Parts = Parameters<typeof createRouter>[1] &
  Parameters<typeof createAccess>[0] &
  Parameters<typeof startConversation>[0] &
  Parameters<typeof getActivities>[0] &
  Parameters<typeof downloadFile>[0] &
  UploadParts &
  TusParts &
  TokenRouteParts

type Route = ReturnType<typeof createRouter>
type AsOwner = ReturnType<typeof createAccess>['asOwner']

/** Files in pieces, by the protocol tus 1.0.0. */
function installTus(route: Route, asOwner: AsOwner, parts: Parts): void {
  const uploads = `${base}/conversations/:conversationId/uploads`
  route('opts', uploads, () => ({ ...preflight, headers: { ...preflight.headers, ...tusOptions } }))
  route('post', uploads, asOwner(createUpload(parts)))
  for (const method of ['head', 'patch', 'del', 'post'] as const)
    route(method, `${uploads}/:uploadId`, asOwner(ownUpload(parts)))
}

function installRoutes(server: Server, parts: Parts): void {
  const route = createRouter(server, parts)
  const { asMember, asOwner } = createAccess(parts)
  const conversation = `${base}/conversations/:conversationId`

  route('post', `${base}/conversations`, asMember(startConversation(parts)))
  route('get', conversation, asOwner(resumeConversation(parts)))
  route('get', `${conversation}/activities`, asOwner(getActivities(parts)))
  route('post', `${conversation}/activities`, asOwner(postActivity(parts)))
  route('post', `${conversation}/upload`, asOwner(upload(parts)))
  installTus(route, asOwner, parts)
  route('post', `${base}/tokens/generate`, generateToken(parts))
  route('post', `${base}/tokens/refresh`, asMember(refreshToken(parts)))
  route(
    'get',
    `${base}/session/getsessionid`,
    asMember(() => json(200, { sessionId: parts.newId() })),
  )
  route('get', `${base}/files`, downloadFile(parts))
  route('head', `${base}/files`, downloadFile(parts))
  route('opts', `${base}/*`, () => preflight)
  for (const method of ['get', 'head', 'post', 'put', 'patch', 'del'] as const)
    route(method, `${base}/*`, () => refusal('notFound'))
}
