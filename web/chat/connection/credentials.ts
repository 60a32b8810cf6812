import { readJson, requestWithin } from '../../request-within.ts'

/** What one Direct Line connection is opened with. The token names its user; `conversationId` is the one to take up again. */
export type Credentials = { readonly token: string; readonly conversationId?: string }

export type TokenAnswer =
  | { readonly ok: true; readonly credentials: Credentials }
  | { readonly ok: false; readonly reason: 'signedOut' | 'unavailable' }

/** Where a fresh token comes from: the page around the chat, or this page's own session. */
export type TokenSource = { obtain(): Promise<TokenAnswer> }

/** Reads the answer of the token endpoint, whoever fetched it. */
export function readCredentials(body: unknown): Credentials | undefined {
  if (typeof body !== 'object' || body === null || !('token' in body) || typeof body.token !== 'string')
    return undefined
  const conversationId = 'conversationId' in body ? body.conversationId : undefined
  return { token: body.token, ...(typeof conversationId === 'string' ? { conversationId } : {}) }
}

/** Milliseconds that a token may take. */
const tokenMs = 10_000

/** Asks `url` for a token with the session's cookie. */
export async function fetchToken(url: string): Promise<TokenAnswer> {
  const init = { method: 'POST', credentials: 'include', headers: { accept: 'application/json' } } as const
  const answer = await requestWithin(tokenMs, url, init)
  if (answer.status === 401) return { ok: false, reason: 'signedOut' }
  const credentials = answer.status === 200 ? readCredentials(readJson(answer)) : undefined
  return credentials ? { ok: true, credentials } : { ok: false, reason: 'unavailable' }
}

/** The member that a token names, without checking it: the server does. */
export function userOf(token: string): unknown {
  try {
    const claims: unknown = JSON.parse(atob((token.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/')))
    return typeof claims === 'object' && claims !== null && 'user' in claims ? claims.user : undefined
  } catch {
    return undefined
  }
}
