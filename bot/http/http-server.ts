import { createServer as createNodeServer, type Server as NodeServer } from 'node:http'
import { pino } from 'pino'
import restify, { type Request, type Response, type Server } from 'restify'
import type { Sessions } from '../../services/accounts/sessions.ts'
import type { KnownDevices } from '../../services/accounts/known-devices.ts'
import type { SignIn } from '../../services/accounts/sign-in.ts'
import type { Log } from '../../services/log.ts'
import type { Metrics } from '../../services/metrics/metrics.ts'
import type { MemberStore } from '../../services/members/member-store.ts'
import type { Database } from '../../services/storage/database.ts'
import type { RateLimiter } from '../../services/storage/rate-limiter.ts'
import type { StorageProbes } from '../../services/storage/storage.ts'
import type { Tracing } from '../../services/tracing/tracing.ts'
import { type ChatTokenRoute, installChatToken } from './chat-token-route.ts'
import { createClientAddress } from './client-address.ts'
import { createDeviceCookie } from './device-cookie.ts'
import { answerFailures, formatJson } from './failures.ts'
import { installHealth } from './health-routes.ts'
import { createPublicAddress, type PublicAddress } from '../public-address.ts'
import { createListener } from './listener.ts'
import { createOrigins, type Origins } from './origins.ts'
import { installPages } from './page-routes.ts'
import { watchRequests } from './request-metrics.ts'
import type { Space } from '../../services/storage/space.ts'
import { traceRequests } from './request-tracing.ts'
import { sendError } from './respond.ts'
import { createSecurityHeaders } from './security-headers.ts'
import { createSessionCookie } from './session-cookie.ts'
import { installSignIn } from './sign-in-routes.ts'
import type { StaticFiles } from './static-files.ts'
import { limitBodyTime, limitSockets, serverOptions, type TimeLimits, timeLimits } from './time-limits.ts'

export interface HttpServerDeps extends Pick<ChatTokenRoute, 'mintToken'> {
  readonly settings: {
    readonly publicUrl: string
    readonly allowedOrigins: readonly string[]
    readonly trustedProxies: readonly string[]
  }
  readonly database: Database
  readonly probes: StorageProbes
  readonly space: Space
  readonly signIn: SignIn
  readonly devices: KnownDevices
  readonly sessions: Sessions
  readonly members: MemberStore
  readonly rateLimiter: RateLimiter
  readonly files: StaticFiles
  readonly log: Log
  readonly metrics: Metrics
  readonly tracing: Tracing
  readonly hasDemoMembers: () => Promise<boolean>
  readonly limits?: TimeLimits
}

export interface HttpServer {
  /** For more routes. Each handler is `async (req, res)`; what it throws is answered as a coded 500. */
  readonly restify: Server
  /** For `upgrade`. */
  readonly http: NodeServer
  readonly origins: Origins
  /** `localhost` is both addresses of loopback. @returns the port, which is another when 0 was asked for */
  listen(port: number, host: string): Promise<number>
  /** From now on `/health/ready` says no, while requests are still served. */
  drain(): void
  /** Takes no more connections, lets requests in hand finish for `graceMs`, then cuts what is left. */
  close(graceMs?: number): Promise<void>
}

/** Routes that check where they are called from by themselves, and must never answer 403. */
const selfGuarded = /^\/v3\/directline\//
const changing = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

export function createHttpServer(deps: HttpServerDeps): HttpServer {
  const limits = deps.limits ?? timeLimits
  const server = createRestify()
  const http = createNodeServer(serverOptions(limits))
  limitSockets(http, limits)
  const listener = createListener(http)
  // restify makes its own server and gives it no options: requests are handed to that one, which never listens.
  http.on('request', (req, res) => server.server.emit('request', req, res))
  const address = createPublicAddress(deps.settings.publicUrl)
  const origins = createOrigins({ own: address.origins, others: deps.settings.allowedOrigins })
  let draining = false
  const installing = { deps, address, origins, isDraining: () => draining }
  installGuards(server, { ...installing, limits })
  installRoutes(server, installing)

  return {
    restify: server,
    http,
    origins,
    listen: async (port, host) => await listener.listen(port, host),
    drain: () => void (draining = true),
    async close(graceMs = 5_000) {
      draining = true
      await listener.close(graceMs)
    },
  }
}

function createRestify(): Server {
  // Its own log would write whole requests, cookies included. The types still speak of bunyan, which restify left.
  const silent = pino({ level: 'silent' }) as unknown as NonNullable<restify.ServerOptions['log']>
  return restify.createServer({
    name: '',
    log: silent,
    handleUpgrades: false,
    formatters: { 'application/json': formatJson },
  })
}

interface Installing {
  readonly deps: HttpServerDeps
  readonly address: PublicAddress
  readonly origins: Origins
  readonly isDraining: () => boolean
}

function installGuards(
  server: Server,
  { deps, address, limits, origins, isDraining }: Installing & { limits: TimeLimits },
): void {
  const headers = createSecurityHeaders({ own: address.origins, framers: deps.settings.allowedOrigins })
  answerFailures(server, deps.log)
  watchRequests(server, deps.metrics)
  traceRequests(server, deps.tracing)
  server.pre((req: Request, res: Response, next) => {
    headers.everywhere(res)
    limitBodyTime(req, res, limits)
    if (isDraining()) res.setHeader('Connection', 'close')
    const foreign = req.headers.origin !== undefined && !origins.isAllowed(req.headers)
    if (!foreign || !changing.has(req.method ?? '') || selfGuarded.test(req.url ?? '')) return next()
    sendError(res, 403, { code: 'originRefused' })
    next(false)
  })
}

function installRoutes(server: Server, { deps, address, origins, isDraining }: Installing): void {
  const isSecure = address.origin.startsWith('https:')
  const cookie = createSessionCookie({ isSecure })
  const deviceCookie = createDeviceCookie({ isSecure, devices: deps.devices })
  const clientAddress = createClientAddress(deps.settings.trustedProxies)
  const headers = createSecurityHeaders({ own: address.origins, framers: deps.settings.allowedOrigins })
  installPages(server, { files: deps.files, headers, address })
  installHealth(server, { ...deps, isDraining })
  const signingIn = { ...deps, origins, cookie, deviceCookie, clientAddress }
  installSignIn(server, signingIn)
  installChatToken(server, { ...deps, origins, cookie })
}
