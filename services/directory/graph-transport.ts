import type { Context, Middleware } from '@microsoft/microsoft-graph-client'

/** `GRAPH_BASE_URL` as Microsoft's client wants it. */
export interface GraphAddress {
  /** `https://host[:port]` */
  readonly origin: string
  /** `v1.0` */
  readonly version: string
  readonly hostname: string
  /** Spoken to over http: an emulator on the loopback. */
  readonly isPlain: boolean
}

export function graphAddress(baseUrl: string): GraphAddress {
  const url = new URL(baseUrl)
  const version = url.pathname.replaceAll('/', '') || 'v1.0'
  return { origin: `https://${url.host}`, version, hostname: url.hostname, isPlain: url.protocol === 'http:' }
}

/**
 * The last middleware. Microsoft's client sends no bearer to `http:` and mangles its addresses: it is told `https:`
 * throughout, and only here does the loopback host become `http:`. Nothing is redirected: a bearer goes nowhere else.
 */
export function createGraphTransport({ origin, isPlain }: GraphAddress): Middleware {
  const wire = (url: string): string =>
    isPlain && url.startsWith(`${origin}/`) ? `http:${url.slice('https:'.length)}` : url

  return {
    async execute(context: Context): Promise<void> {
      const { request, options } = context
      const url = typeof request === 'string' ? request : request.url
      context.response = await fetch(wire(url), { ...options, redirect: 'manual' })
    },
  }
}
