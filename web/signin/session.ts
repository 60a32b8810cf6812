export type Session =
  { readonly signedIn: true; readonly name: string } | { readonly signedIn: false; readonly demo: boolean }

export type SignInOutcome =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: 'wrongCredentials' | 'weakPassword' | 'unavailable' }
  | { readonly ok: false; readonly reason: 'locked'; readonly minutes: number }

const fieldsOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? { ...value } : {}

/** Who is signed in here. An unreachable server counts as nobody. */
export async function readSession(): Promise<Session> {
  try {
    const response = await fetch('/session', { headers: { accept: 'application/json' } })
    const { name, demo } = fieldsOf(await response.json())
    return response.ok && typeof name === 'string' ? { signedIn: true, name } : { signedIn: false, demo: demo === true }
  } catch {
    return { signedIn: false, demo: false }
  }
}

export const signIn = (ppr: string, password: string): Promise<SignInOutcome> => post('/signin', { ppr, password })

export const activate = (ppr: string, code: string, password: string): Promise<SignInOutcome> =>
  post('/signin/activate', { ppr, code, password })

export async function signOut(): Promise<void> {
  await fetch('/signout', { method: 'POST' }).catch(() => undefined)
}

async function post(path: string, body: Readonly<Record<string, string>>): Promise<SignInOutcome> {
  try {
    const headers = { 'content-type': 'application/json', accept: 'application/json' }
    const response = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) })
    if (response.ok) return { ok: true }
    const { code, minutes } = fieldsOf(fieldsOf(await response.json().catch(() => undefined))['error'])
    if (code === 'locked') return { ok: false, reason: 'locked', minutes: typeof minutes === 'number' ? minutes : 0 }
    if (code === 'wrongCredentials' || code === 'weakPassword') return { ok: false, reason: code }
  } catch {
    // No answer: the same sentence as for a server that cannot answer.
  }
  return { ok: false, reason: 'unavailable' }
}
