import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { fillTranscript } from './support/fill-transcript.ts'
import { startDirectLine } from './support/direct-line-server.ts'
import type { TestServer } from './support/direct-line-server.ts'
import { ask, openConversation } from './support/requests.ts'
import type { Answered, Opened } from './support/requests.ts'

describe('a member', () => {
  let server: TestServer

  before(async () => {
    server = await startDirectLine()
  })

  after(() => server.close())

  const opening = async (locale?: string) =>
    openConversation(server.domain, (await server.tokenFor((await server.newMember()).id)).token, locale)

  const post = ({ conversationId, token }: Opened, body: unknown, headers = {}) =>
    ask(server.domain, `POST /conversations/${conversationId}/activities`, { token, body, headers })

  it('who sends too much at once sees it refused, is told so once, and loses nothing of the rest', async () => {
    const opened = await opening()
    const answers = []
    for (let count = 0; count < 35; count++) answers.push(await post(opened, { type: 'message', text: `m${count}` }))
    await server.turns.settled()
    assert.deepEqual(
      answers.map(({ status }) => status),
      [...Array(30).fill(200), ...Array(5).fill(422)],
    )
    assert.equal(codeOf(answers[30]), 'rateLimited')
    assert.ok(Number(answers[30]?.headers.get('retry-after')) > 0)
    const texts = (await server.conversations.latest(opened.conversationId, 200)).map(({ body }) => body.text ?? '')
    assert.equal(texts.filter(text => text === 'echo: moussaada/rateLimited').length, 1)
    assert.equal(texts.filter(text => /^echo: m\d/.test(text)).length, 30)
    server.clock.ahead = 61_000
    const later = await post(opened, { type: 'message', text: 'plus tard' })
    server.clock.ahead = 0
    assert.equal(later.status, 200)
  })

  it('whose client sends what cannot be read is held up as by messages, before any more of it is read', async t => {
    const opened = await opening()
    const keys = Array.from({ length: 18_000 }, (_, key) => `"key${key}":1`).join(',')
    const body = `{"type":"message","value":{${keys}}}`
    assert.ok(body.length > 200_000 && body.length < 256 * 1024)
    const parse = t.mock.method(JSON, 'parse')
    const headers = { authorization: `Bearer ${opened.token}`, 'content-type': 'application/json' }
    const address = `${server.domain}/conversations/${opened.conversationId}/activities`
    const statuses: string[] = []
    for (let count = 0; count < 32; count++) {
      const answer = await fetch(address, { method: 'POST', headers, body })
      statuses.push(`${answer.status} ${/"code":"([^"]+)"/.exec(await answer.text())?.[1]}`)
    }
    assert.deepEqual(statuses, [
      ...Array<string>(30).fill('400 request.malformed'),
      ...Array<string>(2).fill('422 rateLimited'),
    ])
    const parsed = parse.mock.calls.map(({ arguments: [text] }) => text.length)
    assert.ok(Math.max(0, ...parsed) < 10_000, 'none of it was parsed')
    assert.equal((await post(opened, { type: 'message', text: 'bonjour' })).status, 422)
  })

  it('may read each second in several tabs, and no more than that', async () => {
    const opened = await opening()
    const read = async () =>
      (await ask(server.domain, `GET /conversations/${opened.conversationId}/activities`, opened)).status
    // Five tabs for a minute.
    for (let second = 0; second < 60; second++)
      assert.deepEqual(await Promise.all(Array.from({ length: 5 }, read)), Array(5).fill(200))
    const more = await Promise.all(Array.from({ length: 310 }, read))
    assert.deepEqual([more.filter(one => one === 200).length, more.filter(one => one === 422).length], [300, 10])
    server.clock.ahead = 61_000
    assert.equal(await read(), 200)
    server.clock.ahead = 0
  })

  it('loads earlier messages a page at a time, up to the first', async () => {
    const opened = await opening()
    const many = Array.from({ length: 130 }, (_, index) => ({ type: 'message', text: `${index}` }) as const)
    await server.turns.settled()
    await fillTranscript(server.database, opened.conversationId, many)
    const page = async (query: string) =>
      (await ask(server.domain, `GET /conversations/${opened.conversationId}/activities?${query}`, opened)).json as {
        activities: { text: string; channelData: Record<string, number> }[]
        more?: boolean
      }
    const last = await page('watermark=')
    const above = await page(`before=${last.activities[0]?.channelData['webchat:sequence-id']}`)
    const first = await page(`before=${above.activities[0]?.channelData['webchat:sequence-id']}`)
    const texts = [first, above, last].flatMap(({ activities }) => activities.map(({ text }) => text))
    assert.deepEqual(texts, ['echo: conversationUpdate', ...many.map(({ text }) => text)])
    assert.deepEqual([above.more, first.more], [true, false])
  })

  it('begins in the language of the page', async () => {
    for (const [locale, language] of [
      ['ar-MA', 'ar'],
      ['AR', 'ar'],
      ['fr-FR', 'fr'],
      ['en', 'fr'],
      ['', 'fr'],
    ] as const) {
      const { conversationId } = await opening(locale)
      const [first] = await server.conversations.latest(conversationId, 2)
      assert.equal((await server.conversations.find(conversationId))?.language, language)
      assert.equal(first?.body.locale, `${language}-MA`)
    }
  })
})

describe('a browser on another site', () => {
  let server: TestServer
  let opened: Opened

  before(async () => {
    server = await startDirectLine({ allowedOrigins: ['https://portail.example'] })
    opened = await openConversation(server.domain, (await server.tokenFor((await server.newMember()).id)).token)
  })

  after(() => server.close())

  const activities = () => `/conversations/${opened.conversationId}/activities`
  const from = (origin: string) => ({ origin, 'access-control-request-method': 'POST' })

  it('may ask all that the client asks when the site is allowed', async () => {
    const preflight = await ask(server.domain, `OPTIONS ${activities()}`, { headers: from('https://portail.example') })
    assert.equal(preflight.status, 204)
    assert.equal(preflight.headers.get('access-control-allow-origin'), 'https://portail.example')
    assert.equal(preflight.headers.get('access-control-allow-methods'), 'GET, POST')
    assert.equal(
      preflight.headers.get('access-control-allow-headers'),
      'authorization, content-type, x-ms-bot-agent, x-requested-with',
    )
    const asked = { ...opened, headers: { origin: 'https://portail.example' } }
    const { status, headers } = await ask(server.domain, `GET ${activities()}`, asked)
    assert.deepEqual([status, headers.get('access-control-allow-origin')], [200, 'https://portail.example'])
    assert.equal(headers.get('vary'), 'origin')
  })

  for (const origin of [
    'https://evil.example',
    'null',
    'https://portail.example.evil.example',
    'http://portail.example',
  ])
    it(`is refused from ${origin}, even with a good token`, async () => {
      const preflight = await ask(server.domain, `OPTIONS ${activities()}`, { headers: from(origin) })
      const answer = await ask(server.domain, `GET ${activities()}`, { ...opened, headers: { origin } })
      assert.deepEqual([preflight.status, answer.status], [401, 401])
      assert.equal(answer.headers.get('access-control-allow-origin'), null)
    })

  it('is never answered 403, whatever it tries', async () => {
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
      for (const path of ['', '/', '/conversations', activities(), '/tokens/generate', '/nowhere', '/files', '/../x'])
        for (const token of [undefined, 'x', opened.token]) {
          const { status, text } = await ask(server.domain, `${method} ${path}`, {
            token,
            headers: { origin: 'https://evil.example' },
          })
          assert.notEqual(status, 403)
          assert.equal(/node_modules|\.ts|at /.test(text), false, text)
        }
  })

  it('gets answers that no cache keeps and no browser guesses at', async () => {
    for (const path of [activities(), '/nowhere', '/files?t=x']) {
      const { headers } = await ask(server.domain, `GET ${path}`, opened)
      assert.equal(headers.get('cache-control'), 'no-store')
      assert.equal(headers.get('x-content-type-options'), 'nosniff')
    }
  })
})

const codeOf = (answer?: Answered) => (answer?.json.error as { code: string } | undefined)?.code
