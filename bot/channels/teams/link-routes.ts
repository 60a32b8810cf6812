import type { IncomingMessage } from 'node:http'
import type { Request, Response, Server } from 'restify'
import { z } from 'zod'
import type { Sessions } from '../../../services/accounts/sessions.ts'
import type { SignIn } from '../../../services/accounts/sign-in.ts'
import type { TeamsAccounts } from '../../../services/accounts/teams-accounts.ts'
import type { TeamsLinks } from '../../../services/accounts/teams-links.ts'
import { foreignId } from '../../../services/foreign-id.ts'
import type { Log } from '../../../services/log.ts'
import { normalisePpr } from '../../../services/members/ppr.ts'
import type { RateLimit, RateLimiter } from '../../../services/storage/rate-limiter.ts'
import type { ClientAddress } from '../../http/client-address.ts'
import type { DeviceCookie } from '../../http/device-cookie.ts'
import { readJson } from '../../http/json-body.ts'
import type { Origins } from '../../http/origins.ts'
import { sendError, sendJson, sendTooMany } from '../../http/respond.ts'
import type { SessionCookie } from '../../http/session-cookie.ts'
import { takeSignIn } from '../../http/sign-in-limit.ts'
import { refuseSignIn } from '../../http/sign-in-routes.ts'

export interface LinkRoutes {
  readonly signIn: SignIn
  readonly sessions: Sessions
  readonly accounts: TeamsAccounts
  readonly links: TeamsLinks
  readonly rateLimiter: RateLimiter
  readonly origins: Origins
  readonly cookie: SessionCookie
  readonly deviceCookie: DeviceCookie
  readonly clientAddress: ClientAddress
  readonly log: Log
}

const BODY_LIMIT = 8 * 1024
const codesOfMember: RateLimit = { name: 'teams.link.member', points: 5, seconds: 3600 }

const secret = z.string().regex(/^[\w-]{43}$/)
const signInBody = z.object({
  ppr: z.string().max(64).transform(normalisePpr),
  password: z.string().max(1024),
  link: secret.optional().catch(undefined),
})
const codeBody = z.object({ link: secret, ticket: secret })
const untieBody = z.object({ account: foreignId })

/**
 * The page that a chat's link opens. `POST /teams/link/sign-in` `{ ppr, password, link? }` → `{ tied, link? }`,
 * `/teams/link/code` `{ link, ticket }` → `{ code }` or 410, `/teams/link/untie` `{ account }` with the session. No GET
 * does anything.
 */
export function installLinkRoutes(server: Server, deps: LinkRoutes): void {
  server.post('/teams/link/sign-in', async (req: Request, res: Response) => {
    const body = await readBody(req, res, { schema: signInBody, deps })
    if (body) await signIn(req, res, { body, deps })
  })

  server.post('/teams/link/code', async (req: Request, res: Response) => {
    const body = await readBody(req, res, { schema: codeBody, deps })
    if (!body) return
    const code = await deps.links.issueCode(body.link, body.ticket)
    if (code === undefined) return sendError(res, 410, { code: 'expired' })
    sendJson(res, 200, { code })
  })

  server.post('/teams/link/untie', async (req: Request, res: Response) => {
    const body = await readBody(req, res, { schema: untieBody, deps })
    if (!body) return
    const memberId = await memberOf(req, deps)
    if (memberId === undefined) return sendError(res, 401, { code: 'signedOut' })
    const isUntied = await deps.accounts.forget(body.account, { memberId })
    if (!isUntied) return sendError(res, 404, { code: 'notFound' })
    sendJson(res, 200, {})
  })
}

interface SigningIn {
  readonly body: z.infer<typeof signInBody>
  readonly deps: LinkRoutes
}

async function signIn(req: Request, res: Response, { body, deps }: SigningIn): Promise<void> {
  const { ppr = '', password, link } = body
  const device = deps.deviceCookie.read(req.headers)
  const result = await deps.signIn.signIn({ ppr, password, address: deps.clientAddress(req), device })
  if (!result.ok) return refuseSignIn(res, result, deps.log)
  const { memberId } = result
  if (link !== undefined) {
    const wait = await deps.rateLimiter.take(codesOfMember, memberId)
    if (wait > 0) return sendTooMany(res, wait)
  }
  const opened = link === undefined ? undefined : await deps.links.signIn(link, memberId)
  const tied = await deps.accounts.tiedTo(memberId)
  await renewSession(req, res, { memberId, deps })
  sendJson(res, 200, { tied: tied.map(({ account, name }) => ({ account, name })), ...(opened && { link: opened }) })
}

async function renewSession(
  req: IncomingMessage,
  res: Response,
  { memberId, deps: { cookie, deviceCookie, sessions } }: { memberId: string; deps: LinkRoutes },
): Promise<void> {
  const before = cookie.read(req.headers)
  if (before !== undefined) await sessions.end(before)
  cookie.set(res, await sessions.open(memberId))
  deviceCookie.remember(res, deviceCookie.read(req.headers), memberId)
}

async function memberOf(req: IncomingMessage, { cookie, sessions }: LinkRoutes): Promise<string | undefined> {
  const session = cookie.read(req.headers)
  return session === undefined ? undefined : (await sessions.find(session))?.memberId
}

interface Reading<Body> {
  readonly schema: z.ZodType<Body>
  readonly deps: LinkRoutes
}

/** @returns undefined when the request is answered already */
async function readBody<Body>(req: Request, res: Response, { schema, deps }: Reading<Body>): Promise<Body | undefined> {
  if (!deps.origins.isOwn(req.headers)) return answered(sendError(res, 403, { code: 'originRefused' }))
  const asking = { address: deps.clientAddress(req), device: deps.deviceCookie.read(req.headers) }
  const wait = await takeSignIn(deps.rateLimiter, asking)
  if (wait > 0) return answered(sendTooMany(res, wait))
  const read = await readJson(req, BODY_LIMIT)
  if (!read.ok) return answered(sendError(res, read.status, { code: read.code }))
  const body = schema.safeParse(read.value)
  return body.success ? body.data : answered(sendError(res, 400, { code: 'badRequest' }))
}

const answered = (_sent: void): undefined => undefined
