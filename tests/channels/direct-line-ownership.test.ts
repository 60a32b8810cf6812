import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { startDirectLine } from './support/direct-line-server.ts'
import type { TestServer } from './support/direct-line-server.ts'
import { ask, openConversation, transcriptOf } from './support/requests.ts'
import type { Opened } from './support/requests.ts'
import { upgradeStatus } from './support/raw-socket.ts'

/** Every route that names a conversation. */
const routes: readonly (readonly [method: string, path: (id: string) => string, body?: () => unknown])[] = [
  ['GET', id => `/conversations/${id}`],
  ['GET', id => `/conversations/${id}?watermark=0`],
  ['GET', id => `/conversations/${id}/activities`],
  ['GET', id => `/conversations/${id}/activities?watermark=0`],
  ['GET', id => `/conversations/${id}/activities?before=100`],
  ['POST', id => `/conversations/${id}/activities`, () => ({ type: 'message', text: 'intrus' })],
  ['POST', id => `/conversations/${id}/upload`, () => uploadForm()],
]

describe("a member cannot reach another member's conversation", () => {
  let server: TestServer
  let mine: Opened
  let theirs: Opened

  before(async () => {
    server = await startDirectLine()
    mine = await openConversation(server.domain, await freshToken())
    theirs = await openConversation(server.domain, await freshToken())
    await server.turns.settled()
  })

  after(() => server.close())

  const freshToken = async () => (await server.tokenFor((await server.newMember()).id)).token

  async function conversationOfAnother(): Promise<string> {
    const { id: memberId } = await server.newMember()
    const id = randomUUID()
    await server.conversations.create(
      { id, channel: 'webchat', memberId, language: 'fr' },
      { type: 'conversationUpdate' },
    )
    return id
  }

  /** Tokens that are good, but for something else. */
  async function strangers(): Promise<Record<string, string>> {
    return {
      'of another conversation': mine.token,
      'of no conversation': await freshToken(),
    }
  }

  for (const [method, path, body] of routes)
    it(`is answered ${method} ${path('…')} as if it did not exist, with the same bytes`, async () => {
      for (const [name, token] of Object.entries(await strangers())) {
        // One that the service has not seen before, and so has to look up.
        const theirs = { conversationId: await conversationOfAnother() }
        const foreign = await ask(server.domain, `${method} ${path(theirs.conversationId)}`, { token, body: body?.() })
        const missing = await ask(server.domain, `${method} ${path(randomUUID())}`, { token, body: body?.() })
        assert.deepEqual([foreign.status, foreign.text], [404, missing.text], name)
        assert.equal(missing.status, 404)
        assert.deepEqual(namesOf(foreign.headers), namesOf(missing.headers))
      }
    })

  for (const [method, path, body] of routes)
    it(`needs a token for ${method} ${path('…')}`, async () => {
      const unsigned = `${mine.token.split('.').slice(0, 2).join('.')}.`
      const secretOfStream = new URL(theirs.streamUrl).searchParams.get('t') ?? ''
      for (const token of [undefined, '', 'x', unsigned, secretOfStream, 'a.b.c']) {
        const answer = await ask(server.domain, `${method} ${path(theirs.conversationId)}`, { token, body: body?.() })
        assert.deepEqual([answer.status, errorCode(answer.json)], [401, 'unauthorized'])
      }
    })

  it('cannot use a ticket of their own stream for another', async () => {
    const ticket = new URL(mine.streamUrl).searchParams.get('t')
    const url = theirs.streamUrl.replace(/t=[^&]*/, `t=${ticket}`)
    assert.equal(await upgradeStatus(url, { origin: server.origin }), 401)
    const withToken = theirs.streamUrl.replace(/t=[^&]*/, `t=${theirs.token}`)
    assert.equal(await upgradeStatus(withToken, { origin: server.origin }), 401)
  })

  it('and nothing of these attempts was stored', async () => {
    await server.turns.settled()
    assert.equal((await transcriptOf(server.domain, theirs)).length, 1)
    assert.deepEqual(server.logged, [])
  })

  it("cannot reach the other member's conversation in Teams with their own token either", async () => {
    const { rows } = await server.database.query('select member_id from conversation where id = $1', [
      mine.conversationId,
    ])
    const id = randomUUID()
    await server.conversations.create({ id, channel: 'msteams', memberId: String(rows[0]?.member_id), language: 'fr' })
    const { status } = await ask(server.domain, `GET /conversations/${id}`, { token: mine.token })
    assert.equal(status, 404)
  })

  for (const id of ['%00', '..%2f..', '%e0%a4%a', "'%20or%20true--", 'x'.repeat(500)])
    it(`is told that there is no conversation ${id.slice(0, 20)}`, async () => {
      const { status, json } = await ask(server.domain, `GET /conversations/${id}/activities`, { token: mine.token })
      assert.ok([400, 404].includes(status), String(status))
      assert.ok('error' in json || 'code' in json)
      assert.deepEqual(server.logged, [])
    })
})

function uploadForm(): FormData {
  const form = new FormData()
  form.append('activity', new Blob(['{"type":"message"}'], { type: 'application/vnd.microsoft.activity' }))
  form.append('file', new Blob(['%PDF-1.7'], { type: 'application/pdf' }), 'a.pdf')
  return form
}

const namesOf = (headers: Headers) => [...headers.keys()].sort()

const errorCode = ({ error }: Record<string, unknown>) => (error as { code?: string } | undefined)?.code
