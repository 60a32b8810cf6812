import type { BotFrameworkAuthentication } from 'botframework-connector'
import type { Request, Response, Server } from 'restify'
import { AppError } from '../../../services/errors.ts'
import type { Log } from '../../../services/log.ts'
import { sendError, sendJson } from '../../http/respond.ts'
import { parseJson, readBytes } from '../../json-request.ts'
import { readActivity, type TeamsActivity } from './inbound.ts'
import type { Intake } from './intake.ts'
import { checkByLibrary } from './library-check.ts'
import type { ServiceHosts } from './service-hosts.ts'
import type { TokenCheck } from './token-check.ts'

export interface MessagesRoute {
  readonly check: TokenCheck
  readonly hosts: ServiceHosts
  readonly tenantId: string
  readonly authentication: () => BotFrameworkAuthentication
  readonly intake: Intake
  /** Tells a member that nothing can be stored now. */
  readonly tellFull: (activity: TeamsActivity) => void
  readonly log: Log
}

/** Words, a card's value and what Teams says about a file fit many times over. */
const BODY_LIMIT = 256 * 1024

type Judged =
  | { readonly ok: true; readonly authorization: string; readonly activity: TeamsActivity }
  | { readonly ok: false; readonly status: 400 | 401 | 413 | 503; readonly reason: string }

const refused = (status: 400 | 401 | 413 | 503, reason: string) => ({ ok: false, status, reason }) as const

/** `POST /api/messages`: answered once what came is stored. Whoever is refused is not told why. */
export function installMessages(server: Server, deps: MessagesRoute): void {
  server.post('/api/messages', async (req: Request, res: Response) => {
    try {
      const judged = await judge(req, deps)
      if (!judged.ok) return refuse(res, judged, deps.log)
      const status = await takeIn(judged, deps)
      if (status === 200) return sendJson(res, 200, {})
      refuse(res, { status, reason: 'library' }, deps.log)
    } catch (error) {
      // Teams sends again what was not answered well.
      deps.log.error('teams.failed', { code: error instanceof AppError ? error.code : 'unknown' })
      sendError(res, 503, { code: 'busy' })
    } finally {
      // What a refusal left unread must pass, or the connection stands still.
      req.resume()
    }
  })
}

/** The token first: nobody without one has us read what they sent. */
async function judge(req: Request, { check, hosts, tenantId }: MessagesRoute): Promise<Judged> {
  const { authorization } = req.headers
  const verdict = await check.check(authorization)
  if (!verdict.ok) return refused(verdict.reason === 'unavailable' ? 503 : 401, verdict.reason)
  const bytes = await readBytes(req, BODY_LIMIT)
  if (bytes === 'tooLarge') return refused(413, 'too-large')
  const json = bytes === 'broken' ? undefined : parseJson(bytes)
  if (!json?.ok) return refused(400, 'not-json')
  const activity = readActivity(json.value, { tenantId })
  if (!activity) return refused(401, 'not-of-ours')
  if (activity.serviceUrl !== verdict.claims.serviceUrl) return refused(401, 'other-service')
  if (!hosts(activity.serviceUrl)) return refused(401, 'service-not-allowed')
  return { ok: true, authorization: authorization ?? '', activity }
}

async function takeIn(
  { authorization, activity }: Extract<Judged, { ok: true }>,
  { authentication, intake, tellFull }: MessagesRoute,
): Promise<number> {
  const verdict = await checkByLibrary(authentication(), { authorization, activity })
  if (verdict !== 'taken') return verdict === 'late' ? 503 : 401
  if (activity.type === 'invoke') return intake.invoke(activity).status
  await intake.take(activity).catch((error: unknown) => {
    if (!(error instanceof AppError) || error.code !== 'storage.full') throw error
    // Sent again by Teams, it would be stored as well as what its member sends again when they are told to.
    if (activity.type === 'message') tellFull(activity)
  })
  return 200
}

function refuse(res: Response, { status, reason }: { status: number; reason: string }, log: Log): void {
  log.info('teams.refused', { status, reason })
  const codes = { 400: 'badRequest', 401: 'refused', 413: 'tooLarge', 503: 'busy' } as const
  sendError(res, status, { code: codes[status as keyof typeof codes] ?? 'notFound' })
}
