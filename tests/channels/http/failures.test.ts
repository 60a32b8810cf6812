import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { AppError } from '../../../services/errors.ts'
import { openPortal, type Portal, sendRaw } from '../../support/portal.ts'

const leaks = /Error:|\bat \S+:\d|\.ts|node_modules|select|secret|Internal|stack|\/work|reached the end/i
let portal: Portal
before(async () => {
  portal = await openPortal()
  const { restify } = portal.server
  restify.get('/fails/plainly', async () => {
    throw new Error('secret 1000001')
  })
  restify.get('/fails/by-code', async () => {
    throw new AppError('invariant', 'secret')
  })
  restify.get('/fails/with-status', async () => {
    throw Object.assign(new AppError('invariant', 'secret'), { statusCode: 403 })
  })
  restify.get('/fails/with-a-string', async () => await Promise.reject('secret'))
  restify.get('/fails/by-silence', async () => undefined)
  restify.get('/fails/half-way', async (_req, res) => {
    res.writeHead(200, { 'content-length': 100 })
    res.write('half')
    throw new Error('secret')
  })
})
after(async () => await portal.close())

describe('a client when something breaks inside', () => {
  for (const path of ['plainly', 'by-code', 'with-status', 'with-a-string']) {
    it(`learns a reference and nothing else: ${path}`, async () => {
      const answer = await portal.get(`/fails/${path}`)
      const text = await answer.text()
      assert.equal(answer.status, 500)
      const reference = /^{"error":{"code":"unexpected","reference":"([0-9a-f]{8})"}}$/.exec(text)?.[1]
      assert.ok(reference, text)
      const line = portal.logged.find(entry => entry.includes(reference)) ?? ''
      assert.match(line, /"route":"\/fails\//)
      assert.doesNotMatch(line, /secret|1000001/)
    })
  }

  it('is answered even when a route forgets to', async () => {
    const answer = await portal.get('/fails/by-silence')
    assert.equal(answer.status, 500)
    assert.doesNotMatch(await answer.text(), leaks)
  })

  it('sees a broken answer as broken, never as whole', async () => {
    const answer = await sendRaw(portal.port, 'GET /fails/half-way HTTP/1.1\r\nHost: x\r\n\r\n')
    assert.equal(answer.closed, true)
    assert.match(answer.text, /half$/)
  })
})

describe('a client that tries what does not exist', () => {
  it('gets a code, never our insides', async () => {
    const paths = [
      '/nowhere',
      '/%',
      '/%ff',
      '/a/../b',
      '/signin/',
      '/SIGNIN',
      '/v3/directline/nothing',
      `/${'x'.repeat(4000)}`,
      '/?x=%',
      '/session%00',
      '/api/messages',
      '/metrics',
      '/webchat/token',
      '/signout',
      '/session/1000001',
      '/v3/directline/conversations/x/activities',
      '/v3/directline/conversations/%2e%2e/stream',
      '/v3/directline/tokens/refresh',
      '/teams/link/',
      "/' or 1=1 --",
      '/health/ready/../../etc/passwd',
      '/assets/..%2f..%2fpackage.json',
      '/helpdesk/nobody',
      '/.env',
      '/__proto__',
    ]
    const methods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND']
    let answers = 0
    for (const path of paths) {
      for (const method of methods) {
        const raw = `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1:${portal.port}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`
        const { text } = await sendRaw(portal.port, raw)
        const [head = '', body = ''] = text.split('\r\n\r\n')
        const status = Number(head.slice(9, 12))
        assert.ok(
          (status >= 400 && status < 500) || (status === 200 && path === '/?x=%'),
          `${method} ${path}: ${status}`,
        )
        if (body !== '') assert.match(body, /^{"error":{"code":"[a-zA-Z]+"}}$/, `${method} ${path}`)
        assert.doesNotMatch(head + body, leaks, `${method} ${path}`)
        answers++
      }
    }
    assert.equal(answers, 200)
  })
})
