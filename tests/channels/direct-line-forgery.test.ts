import assert from 'node:assert/strict'
import { request as nodeRequest } from 'node:http'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import { pollutingBodies } from './support/polluting-bodies.ts'
import { fullOr } from '../support/full-numbers.ts'
import { startDirectLine } from './support/direct-line-server.ts'
import type { TestServer } from './support/direct-line-server.ts'
import { ask, openConversation, transcriptOf } from './support/requests.ts'
import type { Opened } from './support/requests.ts'

const KB = 1024
const rib = '190170211110374226001507'

describe('a client sends what it should not', () => {
  let server: TestServer
  let opened: Opened

  before(async () => {
    server = await startDirectLine({ rateLimiter: { take: async () => 0, close: async () => undefined } })
    opened = await openConversation(server.domain, (await server.tokenFor((await server.newMember()).id)).token)
  })

  after(() => server.close())

  const path = () => `/conversations/${opened.conversationId}/activities`
  const post = (body: unknown, headers: Record<string, string> = {}) =>
    ask(server.domain, `POST ${path()}`, { token: opened.token, body, headers })

  /** What the stored message became, as its sender and as the assistant see it. */
  async function stored(id: unknown) {
    await server.turns.settled()
    const shown = (await transcriptOf(server.domain, opened)).find(activity => activity.id === id)
    const position = Number(String(id).split('|')[1])
    const kept = (await server.conversations.latest(opened.conversationId, 200)).find(row => row.position === position)
    return { shown, body: kept?.body }
  }

  it('and nothing of who, where and when is believed', async () => {
    const forged = {
      id: 'mine',
      type: 'message',
      text: 'bonjour',
      timestamp: '1999-01-01T00:00:00Z',
      localTimestamp: '1999-01-01T00:00:00Z',
      channelId: 'msteams',
      serviceUrl: 'http://169.254.169.254/',
      callerId: 'urn:botframework:aadappid:1',
      replyToId: 'x',
      relatesTo: { serviceUrl: 'http://169.254.169.254/' },
      from: { id: 'moussaada', name: 'Agent', role: 'bot', aadObjectId: 'x' },
      recipient: { id: 'other' },
      conversation: { id: 'other', isGroup: true },
      entities: [{ type: 'mention' }],
      attachments: [{ contentType: 'text/html', contentUrl: 'http://169.254.169.254/', content: '<script>' }],
      suggestedActions: { actions: [{ type: 'openUrl', title: 'x', value: 'javascript:1' }] },
      inputHint: 'expectingInput',
      textFormat: 'markdown',
      channelData: { clientActivityID: 'kept', postBack: true, moussaada: { rib: 'x' }, 'webchat:sequence-id': -1 },
    }
    const { json } = await post(forged)
    const { shown, body } = await stored(json.id)
    assert.deepEqual(body, {
      type: 'message',
      text: 'bonjour',
      channelData: { clientActivityID: 'kept', postBack: true },
    })
    assert.equal(shown?.from.role, 'user')
    assert.match(shown?.from.id ?? '', /^dl_[0-9a-f-]{36}$/)
    assert.deepEqual(shown?.conversation, { id: opened.conversationId })
    assert.ok(Math.abs(Date.parse(String(shown?.timestamp)) - Date.now()) < 60_000)
    assert.deepEqual(
      ['serviceUrl', 'entities', 'attachments', 'replyToId', 'suggestedActions'].filter(key => key in (shown ?? {})),
      [],
    )
  })

  for (const type of ['conversationUpdate', 'invoke', 'trace', 'handoff', 'messageUpdate'])
    it(`and no ${type} of its own gets in`, async () => {
      const { status } = await post({ type, name: 'moussaada/returned', value: {} })
      assert.equal(status, 422)
    })

  for (const type of ['event', 'messageReaction', 'endOfConversation'])
    it(`and what stock clients send by themselves, such as ${type}, does nothing`, async () => {
      const before = await server.conversations.latest(opened.conversationId, 200)
      const { status, json } = await post({ type, name: 'moussaada/returned', value: {} })
      assert.deepEqual([status, typeof json.id], [200, 'string'])
      await server.turns.settled()
      assert.deepEqual(await server.conversations.latest(opened.conversationId, 200), before)
    })

  it('and that it is typing is taken note of by nobody', async () => {
    const before = await transcriptOf(server.domain, opened)
    assert.equal((await post({ type: 'typing' })).status, 200)
    assert.deepEqual(await transcriptOf(server.domain, opened), before)
  })

  it('and a RIB in what it says, answers or calls itself is hidden before it is kept', async () => {
    const { json } = await post({
      type: 'message',
      text: `mon RIB ${rib}`,
      value: { choice: `190 170 ${rib.slice(6)}` },
    })
    const { shown, body } = await stored(json.id)
    assert.equal(JSON.stringify([shown, body]).includes(rib.slice(6)), false)
    assert.equal(body?.text, 'mon RIB •••• 1507')
  })

  it('and a long text is cut, and marked as cut', async () => {
    const { json } = await post({ type: 'message', text: 'é'.repeat(5000) })
    const { body } = await stored(json.id)
    assert.deepEqual([body?.text?.length, body?.truncated], [4000, true])
  })

  it('and prototypes stay as they were', async () => {
    const payloads = pollutingBodies()
    assert.equal(payloads.length, 50)
    for (const payload of payloads) {
      const { status, json } = await post(payload)
      assert.equal(status, 200, payload)
      const { body } = await stored(json.id)
      assert.equal(JSON.stringify(body).includes('polluted'), false, payload)
    }
    assert.equal(({} as { polluted?: number }).polluted, undefined)
  })

  it('and whatever text it is, it is stored or refused, and comes back as it was stored', async () => {
    const hostile = ["'; drop table activity; --", '\0nul\0', '\ud800lone\udfff', '\u202egnp.exe', '\u2066x\u2069']
    const texts = [
      ...hostile,
      'e' + '\u0301'.repeat(3000),
      '=cmd()',
      'a\r\nSet-Cookie: x=1',
      '${7*7}',
      '⟦RIB⟧',
      '<b onload=x>',
    ]
    const anything = fc.sample(fc.string({ unit: 'binary', minLength: 1, maxLength: 50 }), fullOr(290, 60))
    for (const text of [...texts, ...anything]) {
      const { status, json } = await post({ type: 'message', text, locale: text, value: text })
      assert.equal(status, 200, JSON.stringify(text))
      const { shown, body } = await stored(json.id)
      assert.equal(shown?.text, body?.text)
      assert.ok(body?.text === undefined || body.text.isWellFormed())
    }
    assert.deepEqual(server.logged, [])
  })

  const malformed: readonly (readonly [string, unknown, number, Record<string, string>?])[] = [
    ['no JSON', '{', 400],
    ['no object', '[]', 422],
    ['null', 'null', 422],
    ['nothing', '', 422],
    ['nothing said', { type: 'message' }, 422],
    ['a text that is none', { type: 'message', text: {} }, 422],
    ['bytes that are no UTF-8', new Uint8Array([0x22, 0xff, 0x22]), 400],
    ['a nest of arrays', '['.repeat(100_000), 400],
    ['a nest that closes', `{"type":"message","value":${'['.repeat(90_000)}${']'.repeat(90_000)}}`, 400],
    ['a client id that cannot be kept', { type: 'message', text: 'x', channelData: { clientActivityID: '\0' } }, 422],
    [
      'a client id without end',
      { type: 'message', text: 'x', channelData: { clientActivityID: 'x'.repeat(300) } },
      422,
    ],
    ['an answer without end', { type: 'message', value: { v: Array(3000).fill('abcd') } }, 422],
    ['more than 256 KB', { type: 'message', text: 'x'.repeat(257 * KB) }, 413],
    ['another content type', '{"type":"message","text":"x"}', 415, { 'content-type': 'text/plain' }],
    ['another charset', '{"type":"message","text":"x"}', 415, { 'content-type': 'application/json; charset=utf-16' }],
  ]
  for (const [what, body, expected, headers] of malformed)
    it(`and is answered ${expected} for ${what}, with a code and nothing of our insides`, async () => {
      const { status, json, text } = await post(body, headers)
      assert.equal(status, expected)
      const { code, message } = json.error as { code: string; message: string }
      assert.match(code, /^[a-z]+(\.?[a-zA-Z]+)*$/)
      assert.equal(text, JSON.stringify({ error: { code, message } }))
    })

  it('and is answered 413 for a body without a length that does not end', async () => {
    const headers = { authorization: `Bearer ${opened.token}`, 'content-type': 'application/json' }
    const status = await new Promise((resolve, reject) => {
      const endless = nodeRequest(`${server.domain}${path()}`, { method: 'POST', headers })
      const more = setInterval(() => endless.write('x'.repeat(32 * KB)), 5)
      endless.on('error', reject).on('response', response => {
        clearInterval(more)
        resolve(response.statusCode)
        endless.destroy()
      })
    })
    assert.equal(status, 413)
  })
})
