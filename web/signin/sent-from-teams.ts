export type Coming = 'ok' | 'otherMember' | 'expired' | 'unavailable'

const prefix = '#teams='

/** What a link from Teams holds. It stands behind the #, which no server and no log ever sees. */
export const linkFromTeams = (): string | undefined =>
  location.hash.startsWith(prefix) ? location.hash.slice(prefix.length) : undefined

/** Tells the assistant that the member whom it sent here has come, and has signed in. */
export async function comeFromTeams(link: string): Promise<Coming> {
  try {
    const headers = { 'content-type': 'application/json', accept: 'application/json' }
    const { ok, status } = await fetch('/teams/page', { method: 'POST', headers, body: JSON.stringify({ link }) })
    if (ok) return 'ok'
    return status === 409 ? 'otherMember' : status === 410 ? 'expired' : 'unavailable'
  } catch {
    return 'unavailable'
  }
}
