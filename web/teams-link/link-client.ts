import { readJson, requestWithin } from '../request-within.ts'
import { refusalOf } from '../signin/session.ts'
import type { SignInOutcome } from '../signin/session.ts'

export type TiedAccount = { readonly account: string; readonly name: string }

/** What the page knows once the member has given their password: the account to tie, when the link is still good. */
export type SignedIn = {
  readonly tied: readonly TiedAccount[]
  readonly link?: { readonly accountName: string; readonly ticket: string }
}

export type CodeOutcome =
  | { readonly ok: true; readonly code: string }
  | { readonly ok: false; readonly reason: 'expired' | 'tooMany' | 'unavailable' }

/** Milliseconds. A password may wait its turn on the server. */
const answerMs = 30_000

type Answer = { readonly status: number; readonly headers: Headers; readonly body: Record<string, unknown> }

const fieldsOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? { ...value } : {}
const text = (value: unknown): string => (typeof value === 'string' ? value : '')

async function post(path: string, body: Readonly<Record<string, string>>): Promise<Answer | undefined> {
  const headers = { 'content-type': 'application/json', accept: 'application/json' }
  const answer = await requestWithin(answerMs, path, { method: 'POST', headers, body: JSON.stringify(body) })
  return answer.status === 0 ? undefined : { ...answer, body: fieldsOf(readJson(answer)) }
}

/** @param link what stands behind the # of the address; empty when the page was opened without one */
export async function signInOn(
  link: string,
  who: { readonly ppr: string; readonly password: string },
): Promise<{ readonly outcome: SignInOutcome; readonly signedIn?: SignedIn }> {
  const answer = await post('/teams/link/sign-in', { ...who, ...(link !== '' && { link }) })
  if (answer?.status === 200) return { outcome: { ok: true }, signedIn: readSignedIn(answer.body) }
  return { outcome: answer ? refusalOf(answer.headers, answer.body) : { ok: false, reason: 'unavailable' } }
}

function readSignedIn({ tied, link }: Record<string, unknown>): SignedIn {
  const { accountName, ticket } = fieldsOf(link)
  const accounts = Array.isArray(tied) ? tied.map(fieldsOf) : []
  return {
    tied: accounts.map(({ account, name }) => ({ account: text(account), name: text(name) })),
    ...(typeof ticket === 'string' && { link: { accountName: text(accountName), ticket } }),
  }
}

export async function askCode(link: string, ticket: string): Promise<CodeOutcome> {
  const answer = await post('/teams/link/code', { link, ticket })
  const { code } = answer?.body ?? {}
  if (answer?.status === 200 && typeof code === 'string') return { ok: true, code }
  if (answer?.status === 429) return { ok: false, reason: 'tooMany' }
  return { ok: false, reason: answer?.status === 410 ? 'expired' : 'unavailable' }
}

export const untie = async (account: string): Promise<boolean> =>
  (await post('/teams/link/untie', { account }))?.status === 200
