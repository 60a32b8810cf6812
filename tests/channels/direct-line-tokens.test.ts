import assert from 'node:assert/strict'
import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { SignJWT } from 'jose'
import { startDirectLine } from './support/direct-line-server.ts'
import type { TestServer } from './support/direct-line-server.ts'
import { ask, openConversation } from './support/requests.ts'
import type { Opened } from './support/requests.ts'

const MINUTE = 60_000
const secret = 's3cret-of-the-portal'.repeat(3)

describe('a token', () => {
  let server: TestServer
  let opened: Opened
  let memberId: string

  before(async () => {
    server = await startDirectLine({ directLineSecret: secret })
    memberId = (await server.newMember()).id
    opened = await openConversation(server.domain, (await server.tokenFor(memberId)).token)
  })

  after(() => server.close())

  const statusWith = async (token: string) =>
    (await ask(server.domain, `GET /conversations/${opened.conversationId}/activities`, { token })).status

  async function later<T>(milliseconds: number, work: () => Promise<T>): Promise<T> {
    server.clock.ahead = milliseconds
    try {
      return await work()
    } finally {
      server.clock.ahead = 0
    }
  }

  const claims = () => ({ user: `dl_${memberId}`, sid: sessionOf(opened.token), conv: opened.conversationId })

  const signedBy = (key: Uint8Array | KeyObject, header: { alg: string; kid?: string }, audience = 'directline') =>
    new SignJWT(claims())
      .setProtectedHeader(header)
      .setIssuer('moussaada')
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime('10m')
      .sign(key)

  it('names its member by an opaque id that Web Chat can read, and no PPR', async () => {
    const { user, exp, iat } = claimsIn(opened.token)
    assert.equal(user, `dl_${memberId}`)
    assert.equal(exp - iat, 30 * 60)
  })

  it('is good for half an hour and not longer, also when it was used before', async () => {
    assert.equal(await statusWith(opened.token), 200)
    assert.equal(await later(29 * MINUTE, () => statusWith(opened.token)), 200)
    assert.equal(await later(30 * MINUTE + 1000, () => statusWith(opened.token)), 401)
  })

  it('is refused when anything of it was changed or made elsewhere', async () => {
    const { id, key } = server.keyring.current('token')
    const [header = '', payload = '', signature = ''] = opened.token.split('.')
    const none = Buffer.from('{"alg":"none"}').toString('base64url')
    const otherUser = Buffer.from(payload, 'base64url').toString().replace(memberId.slice(0, 4), 'ffff')
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const pem = Buffer.from(publicKey.export({ type: 'spki', format: 'pem' }))
    const honest = signedByHand(key, { alg: 'HS256', kid: id }, lasting(claims()))
    assert.equal(await statusWith(honest), 200, 'the honest one')
    const forged = {
      'alg none': `${none}.${payload}.`,
      'alg none, signed': `${none}.${payload}.${signature}`,
      'another user': `${header}.${Buffer.from(otherUser).toString('base64url')}.${signature}`,
      'a key of ours for something else': await signedBy(server.keyring.current('link').key, { alg: 'HS256', kid: id }),
      'no key id': await signedBy(key, { alg: 'HS256' }),
      'an unknown key id': await signedBy(key, { alg: 'HS256', kid: 'nobody' }),
      'another algorithm': signedByHand(key, { alg: 'HS512', kid: id }, lasting(claims())),
      'a public key as secret': await signedBy(pem, { alg: 'HS256', kid: id }),
      'another use': await signedBy(key, { alg: 'HS256', kid: id }, 'stream'),
      'no session': signedByHand(key, { alg: 'HS256', kid: id }, lasting({ user: claims().user })),
      'no expiry': signedByHand(key, { alg: 'HS256', kid: id }, claims()),
      'a long one': `${'A'.repeat(5000)}.${payload}.${signature}`,
    }
    for (const [name, token] of Object.entries(forged)) assert.equal(await statusWith(token), 401, name)
  })

  it('is refreshed for the same member and conversation', async () => {
    const { status, json } = await ask(server.domain, 'POST /tokens/refresh', { token: opened.token })
    assert.deepEqual([status, json.conversationId, json.expires_in], [200, opened.conversationId, 1800])
    assert.equal(await statusWith(String(json.token)), 200)
  })

  for (const [method, path] of [
    ['POST', '/tokens/refresh'],
    ['GET', '/conversations/:id'],
    ['POST', '/conversations'],
  ] as const)
    it(`is renewed by ${method} ${path} until its session is idle for twelve hours: a stolen one has an end`, async () => {
      let { token } = opened
      let renewed = 0
      await later(0, async () => {
        for (let minutes = 15; minutes <= 13 * 60; minutes += 15) {
          server.clock.ahead = minutes * MINUTE
          const { status, json } = await ask(server.domain, `${method} ${path.replace(':id', opened.conversationId)}`, {
            token,
          })
          if (status !== 200) return
          token = String(json.token)
          renewed++
        }
      })
      assert.ok(renewed === 12 * 4 || renewed === 12 * 4 - 1, String(renewed))
    })

  it('of a member who is gone from the register opens nothing', async () => {
    const gone = await server.newMember()
    const { token } = await server.tokenFor(gone.id)
    await server.database.query('delete from member where id = $1', [gone.id])
    assert.equal((await ask(server.domain, 'POST /conversations', { token, body: {} })).status, 401)
  })

  it('gives a session id, as the client asks for one when a card wants a sign-in', async () => {
    const { status, json } = await ask(server.domain, 'GET /session/getsessionid', { token: opened.token })
    assert.equal(status, 200)
    assert.equal(typeof json.sessionId, 'string')
  })
})

describe("the foundation's portal asks for a member's token", () => {
  let server: TestServer

  before(async () => {
    server = await startDirectLine({ directLineSecret: secret })
  })

  after(() => server.close())

  const generate = (token: string | undefined, body: unknown) =>
    ask(server.domain, 'POST /tokens/generate', { token, body })

  it('and gets one that opens the chat for that member', async () => {
    const { id, ppr } = await server.newMember()
    const { status, json } = await generate(secret, { user: { id: `dl_${ppr}`, name: 'Nom' } })
    assert.deepEqual([status, json.expires_in, json.conversationId], [200, 1800, undefined])
    const { conversationId } = await openConversation(server.domain, String(json.token))
    assert.equal((await server.conversations.find(conversationId))?.memberId, id)
    const again = await generate(secret, { user: { id: `dl_${ppr}` } })
    assert.equal(again.json.conversationId, conversationId)
  })

  it('and what it vouched for ends after half an hour, however often it is refreshed', async () => {
    const { ppr } = await server.newMember()
    const { json } = await generate(secret, { user: { id: `dl_${ppr}` } })
    const refresh = (token: unknown) => ask(server.domain, 'POST /tokens/refresh', { token: String(token) })
    server.clock.ahead = 20 * MINUTE
    const refreshed = await refresh(json.token)
    assert.equal(refreshed.status, 200)
    assert.ok(Number(refreshed.json.expires_in) <= 600, String(refreshed.json.expires_in))
    server.clock.ahead = 31 * MINUTE
    const late = await refresh(refreshed.json.token)
    server.clock.ahead = 0
    assert.equal(late.status, 401)
  })

  it('and is refused without the secret, for nobody, and for a name that is no PPR', async () => {
    const { ppr } = await server.newMember()
    const user = { id: `dl_${ppr}` }
    for (const wrong of [undefined, '', 'x', secret.slice(1), `${secret}x`])
      assert.equal((await generate(wrong, { user })).status, 401)
    assert.equal((await generate(secret, { user: { id: 'dl_0' } })).status, 404)
    for (const body of [{}, { user: { id: ppr } }, { user: { id: "dl_1' or 1=1" } }, [], null])
      assert.equal((await generate(secret, body)).status, 400)
  })

  it('and finds nothing there when no secret was set', async () => {
    const without = await startDirectLine()
    const { status } = await ask(without.domain, 'POST /tokens/generate', {
      token: '',
      body: { user: { id: 'dl_1' } },
    })
    await without.close()
    assert.equal(status, 404)
  })
})

const claimsIn = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
const sessionOf = (token: string): string => claimsIn(token).sid

const lasting = (claims: object) => ({ ...claims, exp: Math.floor(Date.now() / 1000) + 600 })

/** What jose would not sign. */
function signedByHand(key: KeyObject, header: { alg: string; kid: string }, claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const signed = `${part(header)}.${part({ ...claims, iss: 'moussaada', aud: 'directline' })}`
  return `${signed}.${createHmac(`sha${header.alg.slice(2)}`, key)
    .update(signed)
    .digest('base64url')}`
}
