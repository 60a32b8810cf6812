import { requestWithin } from '../request-within.ts'

export type Coming = 'ok' | 'otherMember' | 'expired' | 'unavailable'

/** Milliseconds. */
const answerMs = 10_000

const prefix = '#teams='

/** What a link from Teams holds. It stands behind the #, which no server and no log ever sees. */
export const linkFromTeams = (): string | undefined =>
  location.hash.startsWith(prefix) ? location.hash.slice(prefix.length) : undefined

/** Tells the assistant that the member whom it sent here has come, and has signed in. */
export async function comeFromTeams(link: string): Promise<Coming> {
  const headers = { 'content-type': 'application/json', accept: 'application/json' }
  const init = { method: 'POST', headers, body: JSON.stringify({ link }) }
  const { status } = await requestWithin(answerMs, '/teams/page', init)
  if (status >= 200 && status < 300) return 'ok'
  return status === 409 ? 'otherMember' : status === 410 ? 'expired' : 'unavailable'
}
