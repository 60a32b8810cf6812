import type { IncomingHttpHeaders } from 'node:http'

export interface Origins {
  /** Pages that may show the chat and speak to it; our own among them when PUBLIC_URL is set. */
  readonly allowed: readonly string[]
  /** A page of ours or of an allowed site; false without an `Origin` header. For the WebSocket too. */
  isAllowed(headers: IncomingHttpHeaders): boolean
  /** A page that this very server gave, as the browser says: what a request that carries the cookie must come from. */
  isOwn(headers: IncomingHttpHeaders): boolean
}

/** @param publicUrl undefined while only the address that the browser uses tells it */
export function createOrigins(settings: {
  publicUrl?: string | undefined
  allowedOrigins: readonly string[]
}): Origins {
  const publicOrigin = settings.publicUrl === undefined ? undefined : new URL(settings.publicUrl).origin
  const allowed = [...new Set([...(publicOrigin ? [publicOrigin] : []), ...settings.allowedOrigins])]

  /** A browser does not let a page choose Host or Origin, so that equal ones are the same site. */
  function isSameHost({ origin, host }: IncomingHttpHeaders): boolean {
    if (!origin || !host || !URL.canParse(origin)) return false
    const url = new URL(origin)
    return url.host === host && (publicOrigin?.startsWith('https:') ? url.protocol === 'https:' : true)
  }

  const isAllowed = (headers: IncomingHttpHeaders) =>
    headers.origin !== undefined && (allowed.includes(headers.origin) || isSameHost(headers))

  return {
    allowed,
    isAllowed,
    isOwn: headers => isAllowed(headers) && (headers['sec-fetch-site'] ?? 'same-origin') === 'same-origin',
  }
}
