import type { Request, Response, Server } from 'restify'
import type { Metrics } from '../../services/metrics/metrics.ts'

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/** Times every request to its last byte. A label is a route's pattern: an address may hold ids and tokens, and has no end. */
export function watchRequests(server: Server, metrics: Metrics): void {
  server.pre((req: Request, res: Response, next) => {
    const begun = performance.now()
    res.once('close', () => {
      const method = req.method ?? ''
      const path: unknown = req.getRoute()?.path
      metrics.answered({
        method: methods.has(method) ? method : 'other',
        route: typeof path === 'string' ? path : 'none',
        status: res.statusCode,
        seconds: (performance.now() - begun) / 1000,
      })
    })
    next()
  })
}
