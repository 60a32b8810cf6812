import type { Answer, Headers } from './answer.ts'

/** Requests without an Origin come from servers and from plain links; a browser's script never hides its own. */
export function isForeignOrigin(origin: string | undefined, allowed: ReadonlySet<string>): boolean {
  return origin !== undefined && !allowed.has(origin)
}

export function crossOriginHeaders(origin: string | undefined, allowed: ReadonlySet<string>): Headers {
  if (origin === undefined || !allowed.has(origin)) return { vary: 'origin' }
  return {
    vary: 'origin',
    'access-control-allow-origin': origin,
    // Direct Line's session id is asked for with credentials; no route here reads a cookie.
    'access-control-allow-credentials': 'true',
  }
}

export const preflight: Answer = {
  status: 204,
  headers: {
    'access-control-allow-methods': 'GET, POST',
    // The client's rxjs adds the last one to every request.
    'access-control-allow-headers': 'authorization, content-type, x-ms-bot-agent, x-requested-with',
    'access-control-max-age': '600',
  },
}
