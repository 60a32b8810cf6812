import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { disableMember } from '../../services/accounts/disable-member.ts'
import { until } from './support/direct-line-client.ts'
import { startDirectLine } from './support/direct-line-server.ts'
import type { TestServer } from './support/direct-line-server.ts'
import { openSocket, upgradeStatus } from './support/raw-socket.ts'
import type { RawSocket } from './support/raw-socket.ts'
import { ask, openConversation, transcriptOf } from './support/requests.ts'
import type { Opened } from './support/requests.ts'
import { form } from './support/uploads.ts'

const HOUR = 3_600_000
const WITHIN_MS = 5_000
const SESSION_ENDED = 4401
const secret = 's3cret-of-the-portal'.repeat(3)

/** All that a page holds when it stands open. */
interface Page extends Opened {
  readonly memberId: string
  readonly unusedTicket: string
  readonly fileUrl: string
  readonly socket: RawSocket
}

describe('a session that has ended', { timeout: 120_000 }, () => {
  let server: TestServer

  before(async () => {
    const openDraftOf = async () => ({ id: randomUUID(), step: 'document' })
    server = await startDirectLine({ openDraftOf, directLineSecret: secret })
  })
  after(() => server.close())

  const at = ({ conversationId }: Opened, rest = '') => `/conversations/${conversationId}${rest}`

  async function pageOf(memberId: string, token: string): Promise<Page> {
    const opened = await openConversation(server.domain, token)
    const socket = await openSocket(opened.streamUrl, { origin: server.origin })
    await ask(server.domain, `POST ${at(opened, '/upload')}`, {
      token: opened.token,
      body: form({ name: 'a.pdf', bytes: randomBytes(10) }),
    })
    await server.turns.settled()
    const shown = await transcriptOf(server.domain, opened)
    const fileUrl = shown.flatMap(({ attachments = [] }) => attachments.flatMap(file => file.contentUrl ?? []))[0]
    assert.equal((await fetch(fileUrl ?? '')).status, 200, 'the file, before')
    const { json } = await ask(server.domain, `GET ${at(opened)}`, { token: opened.token })
    return { ...opened, memberId, fileUrl: fileUrl ?? '', unusedTicket: String(json.streamUrl), socket }
  }

  async function signedIn(memberId?: string): Promise<Page & { cookie: string }> {
    const member = memberId ?? (await server.newMember()).id
    const cookie = await server.sessions.open(member)
    const session = await server.sessions.find(cookie)
    assert.ok(session)
    const { token } = await server.mint({ memberId: member, sessionId: session.id })
    return { ...(await pageOf(member, token)), cookie }
  }

  async function statusesOf({ token, fileUrl, unusedTicket, ...opened }: Page) {
    const read = ask(server.domain, `GET ${at({ ...opened, token }, '/activities')}`, { token })
    const refresh = ask(server.domain, 'POST /tokens/refresh', { token })
    const [{ status: reads }, { status: refreshes }, file] = await Promise.all([read, refresh, fetch(fileUrl)])
    await file.body?.cancel()
    return { reads, refreshes, file: file.status, ticket: await upgradeStatus(unusedTicket, { origin: server.origin }) }
  }

  async function isAllOver(page: Page, code = SESSION_ENDED): Promise<void> {
    const begun = performance.now()
    assert.equal(await page.socket.closed, code)
    let statuses = await statusesOf(page)
    while (performance.now() - begun < WITHIN_MS && statuses.reads !== 401) {
      await new Promise(resolve => setTimeout(resolve, 200))
      statuses = await statusesOf(page)
    }
    assert.deepEqual(statuses, { reads: 401, refreshes: 401, file: 404, ticket: 401 })
    assert.ok(performance.now() - begun < WITHIN_MS)
  }

  async function goesOn(page: Page): Promise<void> {
    const { ticket, ...statuses } = await statusesOf(page)
    assert.deepEqual([statuses, ticket], [{ reads: 200, refreshes: 200, file: 200 }, 101])
    assert.equal(page.socket.socket.readyState, page.socket.socket.OPEN)
    page.socket.socket.terminate()
  }

  it('by signing out leaves nothing open of that browser, and all of the phone', async () => {
    const desk = await signedIn()
    const phone = await signedIn(desk.memberId)
    await server.sessions.end(desk.cookie)
    await isAllOver(desk)
    await goesOn(phone)
  })

  it('shows no new message, however soon it is said', async () => {
    const desk = await signedIn()
    const phone = await signedIn(desk.memberId)
    await server.sessions.end(desk.cookie)
    await ask(server.domain, `POST ${at(phone, '/activities')}`, {
      token: phone.token,
      body: { type: 'message', text: 'après' },
    })
    await server.turns.settled()
    await until(() => phone.socket.texts().includes('echo: après'), 'the answer on the phone')
    await desk.socket.closed
    assert.equal(desk.socket.texts().includes('echo: après'), false)
    phone.socket.socket.terminate()
  })

  it('by disabling its member leaves nothing open, of the portal neither', async () => {
    const desk = await signedIn()
    const { rows } = await server.database.query('select ppr from member where id = $1', [desk.memberId])
    const asked = { token: secret, body: { user: { id: `dl_${String(rows[0]?.ppr)}` } } }
    const fromPortal = await ask(server.domain, 'POST /tokens/generate', asked)
    const portal = await pageOf(desk.memberId, String(fromPortal.json.token))
    await server.database.transaction(tx => disableMember(tx, desk.memberId, { actor: 'system', now: server.now }))
    await Promise.all([isAllOver(desk), isAllOver(portal)])
  })

  it('by time, unused for half a day, is over for a page that only stands open', async () => {
    const page = await signedIn()
    server.clock.ahead = 12 * HOUR + 60_000
    assert.ok([SESSION_ENDED, 1013].includes(await page.socket.closed))
    const { reads } = await statusesOf(page)
    server.clock.ahead = 0
    assert.equal(reads, 401)
  })

  it('is known by no more than an id, which opens nothing', async () => {
    const page = await signedIn()
    const claims = JSON.parse(Buffer.from(page.token.split('.')[1] ?? '', 'base64url').toString())
    assert.match(claims.sid, /^[\da-f-]{36}$/)
    assert.equal(await server.sessions.find(claims.sid), undefined)
    assert.equal(page.token.includes(page.cookie), false)
    page.socket.socket.terminate()
  })
})

describe('a page that stands open all day', { timeout: 60_000 }, () => {
  it('comes back with a new socket after two hours at most', async () => {
    const server = await startDirectLine()
    const { id } = await server.newMember()
    const { streamUrl } = await openConversation(server.domain, (await server.tokenFor(id)).token)
    const page = await openSocket(streamUrl, { origin: server.origin })
    server.clock.ahead = 2 * HOUR + 1_000
    assert.equal(await page.closed, 1013)
    await server.close()
  })
})
