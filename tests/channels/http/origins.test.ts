import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { cookieOf, openPortal, type Portal } from '../../support/portal.ts'

const partner = 'https://fos.example'
const changing = ['/signin', '/signin/activate', '/signout', '/webchat/token']

describe('a page of another site', () => {
  let portal: Portal
  let cookie = ''
  before(async () => {
    portal = await openPortal({ allowedOrigins: [partner] })
    portal.server.restify.post('/api/anything', async (_req, res) => void res.end())
    cookie = cookieOf(await portal.post('/signin', { ppr: '1000001', password: 'demo' }))
  })
  after(async () => await portal.close())

  const status = async (path: string, headers: Record<string, string | undefined>) => {
    const sent = Object.entries({ 'content-type': 'application/json', cookie, ...headers }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    )
    return (await fetch(portal.base + path, { method: 'POST', headers: sent, body: '{}' })).status
  }

  it('changes nothing, whatever it sends as its origin', async () => {
    const port = portal.port
    const foreign = [
      'https://evil.example',
      'null',
      '',
      `http://127.0.0.1:${port + 1}`,
      `http://127.0.0.1.evil.example:${port}`,
      `${partner}.evil.example`,
      'http://fos.example',
      'x',
    ]
    for (const path of changing)
      for (const origin of foreign) assert.equal(await status(path, { origin }), 403, `${path} from ${origin}`)
  })

  it('cannot leave the origin out on a route that the cookie opens', async () => {
    for (const path of changing) assert.equal(await status(path, {}), 403, path)
  })

  it('cannot pass as ours when the browser says that it is not', async () => {
    for (const site of ['cross-site', 'same-site', 'none'])
      assert.equal(await status('/webchat/token', { origin: portal.base, 'sec-fetch-site': site }), 403, site)
    assert.equal(await status('/webchat/token', { origin: portal.base, 'sec-fetch-site': 'same-origin' }), 200)
  })

  it('cannot have the browser send a plain form', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])
      assert.equal(await status('/signin', { origin: portal.base, 'content-type': type }), 415, type)
  })

  it('is kept from every other route that changes something, while servers, which name none, are not', async () => {
    assert.equal(await status('/api/anything', { origin: 'https://evil.example' }), 403)
    assert.equal(await status('/api/anything', { origin: partner }), 200)
    assert.equal(await status('/api/anything', {}), 200)
  })

  it('may read nothing by script: no answer allows another origin', async () => {
    const answer = await portal.get('/session', { origin: 'https://evil.example', cookie })
    assert.equal(answer.headers.get('access-control-allow-origin'), null)
    assert.equal(answer.headers.get('cross-origin-resource-policy'), 'same-origin')
  })
})

describe('a member behind the https address of the foundation', () => {
  let portal: Portal
  before(
    async () => (portal = await openPortal({ publicUrl: 'https://aide.example', trustedProxies: ['127.0.0.0/8'] })),
  )
  after(async () => await portal.close())

  it('gets a cookie for that host over https alone', async () => {
    const answer = await portal.post(
      '/signin',
      { ppr: '1000001', password: 'demo' },
      { origin: 'https://aide.example' },
    )
    assert.match(
      answer.headers.get('set-cookie') ?? '',
      /^__Host-moussaada=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure; Max-Age=604800(,|$)/,
    )
    assert.match(answer.headers.get('strict-transport-security') ?? '', /^max-age=31536000/)
    const session = await portal.get('/session', { cookie: cookieOf(answer) })
    assert.equal(session.status, 200)
    assert.equal((await portal.get('/session', { cookie: cookieOf(answer).replace('__Host-', '') })).status, 401)
  })

  it('is refused over plain http', async () => {
    assert.equal((await portal.post('/signin', {}, { origin: portal.base })).status, 403)
  })

  it('is counted by their own address, not by the proxy’s nor by one they make up', async () => {
    const from = async (forwarded: string) =>
      await portal.post('/signin', {}, { origin: 'https://aide.example', 'x-forwarded-for': forwarded })
    await Promise.all(Array.from({ length: 240 }, async () => await from('198.51.100.1')))
    assert.equal((await from('198.51.100.1')).status, 429)
    assert.equal((await from('198.51.100.77, 198.51.100.1')).status, 429, 'what the client wrote before does not count')
    assert.equal((await from('198.51.100.1, 198.51.100.2')).status, 400, 'another client')
    assert.equal((await from('198.51.100.1, 127.0.0.9')).status, 429, 'through two proxies of ours')
  })
})
