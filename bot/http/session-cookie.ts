import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import { ABSOLUTE_MS } from '../../services/accounts/sessions.ts'

export interface SessionCookie {
  /** @returns the value, when it has the shape of one of ours */
  read(headers: IncomingHttpHeaders): string | undefined
  set(res: ServerResponse, value: string): void
  clear(res: ServerResponse): void
}

/** `__Host-` binds the cookie to this host over https: no subdomain can set another in its place. */
export function createSessionCookie({ isSecure }: { isSecure: boolean }): SessionCookie {
  const name = isSecure ? '__Host-moussaada' : 'moussaada'
  const attributes = `Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`
  const shape = new RegExp(`(?:^|;\\s*)${name}=([\\w-]{43})(?:;|$)`)

  return {
    read: headers => shape.exec(headers.cookie ?? '')?.[1],
    // Kept when the browser is closed: a phone closes it by itself while the member is taking pictures of papers.
    set: (res, value) =>
      res.appendHeader('Set-Cookie', `${name}=${value}; ${attributes}; Max-Age=${ABSOLUTE_MS / 1000}`),
    clear: res => res.appendHeader('Set-Cookie', `${name}=; ${attributes}; Max-Age=0`),
  }
}
