import type { Request, Response, Server } from 'restify'
import type { Tracing } from '../../services/tracing/tracing.ts'

/** Goes on with the trace that a request brings in `traceparent`, or begins one. */
export function traceRequests(server: Server, tracing: Tracing): void {
  server.pre((req: Request, res: Response, next) => {
    const { traceparent } = req.headers
    const span = tracing.start({ kind: 'server', parent: typeof traceparent === 'string' ? traceparent : undefined })
    res.once('close', () => {
      const path: unknown = req.getRoute()?.path
      const route = typeof path === 'string' ? path : 'none'
      const method = req.method ?? ''
      const status = res.statusCode
      const attributes = { 'http.request.method': method, 'http.route': route, 'http.response.status_code': status }
      span.end({ name: `${method} ${route}`, failed: status >= 500, attributes })
    })
    span.run(() => next())
  })
}
