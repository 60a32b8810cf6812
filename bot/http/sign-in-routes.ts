import type { Request, Response, Server } from 'restify'
import { z } from 'zod'
import type { Sessions } from '../../services/accounts/sessions.ts'
import type { SignIn, SignInResult } from '../../services/accounts/sign-in.ts'
import type { Log } from '../../services/log.ts'
import type { MemberStore } from '../../services/members/member-store.ts'
import { normalisePpr } from '../../services/members/ppr.ts'
import type { RateLimiter } from '../../services/storage/rate-limiter.ts'
import type { ClientAddress } from './client-address.ts'
import type { DeviceCookie } from './device-cookie.ts'
import { readJson } from './json-body.ts'
import type { Origins } from './origins.ts'
import { type HttpErrorCode, sendError, sendJson, sendNothing, sendTooMany } from './respond.ts'
import type { SessionCookie } from './session-cookie.ts'
import { takeSession, takeSignIn } from './sign-in-limit.ts'

export interface SignInRoutes {
  readonly signIn: SignIn
  readonly sessions: Sessions
  readonly members: MemberStore
  readonly rateLimiter: RateLimiter
  readonly origins: Origins
  readonly cookie: SessionCookie
  readonly deviceCookie: DeviceCookie
  readonly clientAddress: ClientAddress
  readonly log: Log
  /** Whether the page may offer the demo accounts. */
  readonly hasDemoMembers: () => Promise<boolean>
}

const BODY_LIMIT = 8 * 1024

const ppr = z.string().max(64).transform(normalisePpr)
const signInBody = z.object({ ppr, password: z.string().max(1024) })
const activationBody = z.object({ ppr, code: z.string().max(256), password: z.string().max(1024) })

/** `POST /signin`, `/signin/activate` and `/signout` answer 204; `GET /session` `{ name }`, or 401 with `demo`. */
export function installSignIn(server: Server, deps: SignInRoutes): void {
  const { signIn, sessions, cookie, deviceCookie, clientAddress } = deps

  server.post('/signin', async (req: Request, res: Response) => {
    const body = await readAttempt(req, res, { schema: signInBody, deps })
    if (!body) return
    // A PPR that cannot be one is refused as any other wrong one, with as much work.
    const { ppr = '', password } = body
    const attempt = { ppr, password, address: clientAddress(req), device: deviceCookie.read(req.headers) }
    await answer(req, res, await signIn.signIn(attempt))
  })

  server.post('/signin/activate', async (req: Request, res: Response) => {
    const body = await readAttempt(req, res, { schema: activationBody, deps })
    if (!body) return
    await answer(req, res, await signIn.activate({ ...body, ppr: body.ppr ?? '' }))
  })

  server.post('/signout', async (req: Request, res: Response) => {
    if (!deps.origins.isOwn(req.headers)) return sendError(res, 403, { code: 'originRefused' })
    const value = cookie.read(req.headers)
    if (value !== undefined) await sessions.end(value)
    cookie.clear(res)
    sendNothing(res)
  })

  server.get('/session', async (req: Request, res: Response) => {
    const asking = { address: clientAddress(req), device: deviceCookie.read(req.headers) }
    const waitMs = await takeSession(deps.rateLimiter, asking)
    if (waitMs > 0) return sendTooMany(res, waitMs)
    const value = cookie.read(req.headers)
    const session = value === undefined ? undefined : await sessions.find(value)
    const member = session && (await deps.members.find(session.memberId))
    if (member) return sendJson(res, 200, { name: member.name })
    const demo = await deps.hasDemoMembers()
    sendJson(res, 401, { error: { code: 'signedOut' }, ...(demo && { demo }) })
  })

  async function answer(req: Request, res: Response, result: SignInResult): Promise<void> {
    if (!result.ok) return refuseSignIn(res, result, deps.log)
    const before = cookie.read(req.headers)
    if (before !== undefined) await sessions.end(before)
    cookie.set(res, await sessions.open(result.memberId))
    deviceCookie.remember(res, deviceCookie.read(req.headers), result.memberId)
    sendNothing(res)
  }
}

const statuses = { wrongCredentials: 401, weakPassword: 422, busy: 503, knownDevicesOnly: 429 } as const

/** For every page that asks for a password. */
export function refuseSignIn(res: Response, result: Extract<SignInResult, { ok: false }>, log: Log): void {
  log.info('signIn.refused', { reason: result.reason })
  if (result.reason === 'busy') res.setHeader('Retry-After', result.seconds)
  const hours = result.reason === 'knownDevicesOnly' ? { hours: result.hours } : {}
  sendError(res, statuses[result.reason], { code: result.reason, ...hours })
}

interface Attempt<Body> {
  readonly schema: z.ZodType<Body>
  readonly deps: SignInRoutes
}

/** @returns undefined when the request is answered already */
async function readAttempt<Body>(
  req: Request,
  res: Response,
  { schema, deps }: Attempt<Body>,
): Promise<Body | undefined> {
  const refused = await refusalBeforeReading(req, deps)
  if (refused) return send(res, refused)
  const read = await readJson(req, BODY_LIMIT)
  if (!read.ok) return send(res, read)
  const body = schema.safeParse(read.value)
  return body.success ? body.data : send(res, { status: 400, code: 'badRequest' })
}

interface Refusal {
  readonly status: number
  readonly code: HttpErrorCode
  readonly waitMs?: number
}

async function refusalBeforeReading(req: Request, deps: SignInRoutes): Promise<Refusal | undefined> {
  if (!deps.origins.isOwn(req.headers)) return { status: 403, code: 'originRefused' }
  const asking = { address: deps.clientAddress(req), device: deps.deviceCookie.read(req.headers) }
  const waitMs = await takeSignIn(deps.rateLimiter, asking)
  return waitMs > 0 ? { status: 429, code: 'tooManyRequests', waitMs } : undefined
}

function send(res: Response, { status, code, waitMs }: Refusal): undefined {
  if (waitMs === undefined) sendError(res, status, { code })
  else sendTooMany(res, waitMs)
}
