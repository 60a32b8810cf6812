import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, beforeEach, describe, it } from 'node:test'
import { createAppTokens } from '../../../services/directory/app-token.ts'

const scope = 'https://graph.microsoft.com/.default'

describe('the assistant needs a token of its own', () => {
  const clock = { at: new Date('2026-11-24T10:00:00Z') }
  const asked: { path: string; form: URLSearchParams }[] = []
  let answer: { status: number; body: unknown } = { status: 200, body: {} }
  const server = createServer((request, response) => {
    void (async () => {
      const text = (await request.toArray()).join('')
      asked.push({ path: request.url ?? '', form: new URLSearchParams(text) })
      response.writeHead(answer.status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(answer.body))
    })()
  })
  before(async () => {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
  })
  after(() => server.close())
  beforeEach(() => {
    asked.length = 0
    answer = { status: 200, body: { access_token: 'first', token_type: 'Bearer', expires_in: 3600 } }
  })

  const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const open = (path: string) =>
    createAppTokens({
      loginUrl: `${origin()}${path}`,
      appId: 'app',
      appPassword: 'p&=ss',
      now: () => new Date(clock.at),
    })

  it('and asks for it as the application, at the authority’s token endpoint', async () => {
    assert.equal(await open('/tenant').tokenFor(scope), 'first')
    assert.equal(asked[0]?.path, '/tenant/oauth2/v2.0/token')
    assert.deepEqual(Object.fromEntries(asked[0]?.form ?? []), {
      grant_type: 'client_credentials',
      scope,
      client_id: 'app',
      client_secret: 'p&=ss',
    })
  })

  it('at the token endpoint itself, when that is what is named', async () => {
    await open('/connect/token').tokenFor(scope)
    assert.equal(asked[0]?.path, '/connect/token')
  })

  it('once for all who need it at the same time, and until five minutes before its end', async () => {
    const tokens = open('')
    await Promise.all([tokens.tokenFor(scope), tokens.tokenFor(scope), tokens.tokenFor(scope)])
    clock.at = new Date(clock.at.getTime() + 54 * 60_000)
    await tokens.tokenFor(scope)
    assert.equal(asked.length, 1)
    clock.at = new Date(clock.at.getTime() + 2 * 60_000)
    answer = { status: 200, body: { access_token: 'second', token_type: 'Bearer', expires_in: 3600 } }
    assert.equal(await tokens.tokenFor(scope), 'second')
  })

  it('one for each scope', async () => {
    const tokens = open('')
    await tokens.tokenFor(scope)
    await tokens.tokenFor('https://api.botframework.com/.default')
    assert.equal(asked.length, 2)
  })

  it('another one once the resource has refused the first', async () => {
    const tokens = open('')
    tokens.forget(scope, await tokens.tokenFor(scope))
    await tokens.tokenFor(scope)
    assert.equal(asked.length, 2)
  })

  it('and says by a code alone that there is none', async () => {
    answer = { status: 401, body: { error: 'invalid_client', error_description: 'secret p&=ss is wrong' } }
    await assert.rejects(open('').tokenFor(scope), {
      code: 'app-token.refused',
      message: 'the identity provider gave no token: OAUTH_RESPONSE_BODY_ERROR invalid_client',
    })
  })
})
