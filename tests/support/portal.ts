import { randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import { freePort } from '../../bot/http/free-port.ts'
import { createHttpServer } from '../../bot/http/http-server.ts'
import type { StaticFiles } from '../../bot/http/static-files.ts'
import type { TimeLimits } from '../../bot/http/time-limits.ts'
import { noMetrics, type Metrics } from '../../services/metrics/metrics.ts'
import { ampleSpace } from '../../services/storage/space.ts'
import { hasDemoMembers, seedDemoMembers } from '../../services/members/demo-members.ts'
import { createInProcessRateLimiter } from '../../services/storage/embedded/rate-limiter.ts'
import { createTracing } from '../../services/tracing/tracing.ts'
import { openAccounts } from './accounts.ts'

export interface PortalSettings {
  readonly publicUrl?: string
  readonly allowedOrigins?: readonly string[]
  readonly trustedProxies?: readonly string[]
  readonly limits?: TimeLimits
  readonly host?: string
  readonly files?: StaticFiles
  readonly metrics?: Metrics
}

/** The server as it runs, on a port of its own, with demo members; only the chat's tokens are stand-ins. */
export async function openPortal(settings: PortalSettings = {}) {
  const accounts = await openAccounts()
  await seedDemoMembers(accounts)
  const logged: string[] = []
  const write = (event: string, fields?: object) => void logged.push(JSON.stringify({ event, ...fields }))
  const ownPort = await freePort('127.0.0.1')
  const server = createHttpServer({
    ...accounts,
    settings: {
      publicUrl: settings.publicUrl ?? `http://127.0.0.1:${ownPort}`,
      allowedOrigins: settings.allowedOrigins ?? [],
      trustedProxies: settings.trustedProxies ?? [],
    },
    rateLimiter: createInProcessRateLimiter({ now: accounts.clock.now }),
    probes: {},
    space: ampleSpace,
    files: settings.files ?? new Map(),
    log: { info: write, warn: write, error: write },
    metrics: settings.metrics ?? noMetrics,
    tracing: createTracing({ newId: randomUUID, now: () => performance.now() }),
    hasDemoMembers: async () => await hasDemoMembers(accounts.database),
    mintToken: async ({ memberId }) => ({ token: `token-of-${memberId}`, userId: `dl_${memberId}`, expiresIn: 1800 }),
    ...(settings.limits && { limits: settings.limits }),
  })
  const port = await server.listen(ownPort, settings.host ?? '127.0.0.1')
  const base = `http://127.0.0.1:${port}`

  return {
    ...accounts,
    server,
    port,
    base,
    logged,
    get: async (path: string, headers: Record<string, string> = {}) =>
      await fetch(base + path, { headers, redirect: 'manual' }),
    post: async (path: string, body: unknown, headers: Record<string, string> = {}) =>
      await fetch(base + path, {
        method: 'POST',
        headers: { origin: base, 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    async close() {
      await server.close(0)
      await accounts.close()
    },
  }
}

export type Portal = Awaited<ReturnType<typeof openPortal>>

/** What the browser would send back. */
export function cookieOf(response: Response): string {
  return response.headers.getSetCookie()[0]?.split(';', 1)[0] ?? ''
}

/** Sends bytes as they are. @returns what came back until the server closed, and after how many milliseconds it did */
export async function sendRaw(
  to: number | string,
  bytes: string,
  patience = 10_000,
): Promise<{ text: string; after: number; closed: boolean }> {
  const socket = typeof to === 'string' ? connect(to) : connect(to, '127.0.0.1')
  const started = performance.now()
  let text = ''
  return await new Promise(resolve => {
    const finish = (closed: boolean) => {
      resolve({ text, after: performance.now() - started, closed })
      socket.destroy()
    }
    const timer = setTimeout(() => finish(false), patience)
    socket.on('data', chunk => (text += chunk.toString('latin1')))
    socket.on('error', () => undefined)
    socket.on('close', () => (clearTimeout(timer), finish(true)))
    socket.write(bytes)
  })
}
