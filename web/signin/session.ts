import { readJson, requestWithin } from '../request-within.ts'

export type Session =
  { readonly signedIn: true; readonly name: string } | { readonly signedIn: false; readonly demo: boolean }

export type SignInOutcome =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: 'wrongCredentials' | 'weakPassword' | 'unavailable' | 'cookiesNeeded' }
  /** Too many ask at once: to be tried again in so many seconds. */
  | { readonly ok: false; readonly reason: 'busy'; readonly seconds: number }
  | { readonly ok: false; readonly reason: 'knownDevicesOnly'; readonly hours: number }

/** Milliseconds. Passwords may wait their turn on the server. */
const sessionMs = 10_000
const passwordMs = 30_000

const fieldsOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? { ...value } : {}

/** Who is signed in here. An unreachable server counts as nobody. */
export async function readSession(): Promise<Session> {
  const answer = await requestWithin(sessionMs, '/session', { headers: { accept: 'application/json' } })
  const { name, demo } = fieldsOf(readJson(answer))
  const isSignedIn = answer.status === 200 && typeof name === 'string'
  return isSignedIn ? { signedIn: true, name } : { signedIn: false, demo: demo === true }
}

export const signIn = (ppr: string, password: string): Promise<SignInOutcome> => post('/signin', { ppr, password })

export const activate = (ppr: string, code: string, password: string): Promise<SignInOutcome> =>
  post('/signin/activate', { ppr, code, password })

/** What a page may say of a sign-in that was refused. */
export function refusalOf(headers: Headers, body: unknown): Exclude<SignInOutcome, { ok: true }> {
  const { code, hours } = fieldsOf(fieldsOf(body)['error'])
  const seconds = Number(headers.get('retry-after'))
  if (code === 'knownDevicesOnly' && typeof hours === 'number') return { ok: false, reason: code, hours }
  if ((code === 'busy' || code === 'tooManyRequests') && seconds > 0) return { ok: false, reason: 'busy', seconds }
  if (code === 'wrongCredentials' || code === 'weakPassword') return { ok: false, reason: code }
  return { ok: false, reason: 'unavailable' }
}

async function post(path: string, body: Readonly<Record<string, string>>): Promise<SignInOutcome> {
  const headers = { 'content-type': 'application/json', accept: 'application/json' }
  const answer = await requestWithin(passwordMs, path, { method: 'POST', headers, body: JSON.stringify(body) })
  if (answer.status === 204) return sessionStuck()
  // No answer: the same sentence as for a server that cannot answer.
  return refusalOf(answer.headers, readJson(answer))
}

/** A browser that keeps no cookies forgets the session at once, and the server says 401. */
async function sessionStuck(): Promise<SignInOutcome> {
  const { status } = await requestWithin(sessionMs, '/session', { headers: { accept: 'application/json' } })
  if (status === 200) return { ok: true }
  return { ok: false, reason: status === 401 ? 'cookiesNeeded' : 'unavailable' }
}
