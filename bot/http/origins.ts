import type { IncomingHttpHeaders } from 'node:http'

export interface Origins {
  /** Pages that may show the chat and speak to it, our own among them. */
  readonly allowed: readonly string[]
  /** A page of ours or of an allowed site; false without an `Origin` header. */
  isAllowed(headers: IncomingHttpHeaders): boolean
  /** A page that this very server gave, as the browser says: what a request that carries the cookie must come from. */
  isOwn(headers: IncomingHttpHeaders): boolean
}

/** @param own every origin that is ours */
export function createOrigins({ own, others }: { own: readonly string[]; others: readonly string[] }): Origins {
  const allowed = [...new Set([...own, ...others])]
  const isAllowed = ({ origin }: IncomingHttpHeaders) => origin !== undefined && allowed.includes(origin)
  return {
    allowed,
    isAllowed,
    isOwn: headers => isAllowed(headers) && (headers['sec-fetch-site'] ?? 'same-origin') === 'same-origin',
  }
}
