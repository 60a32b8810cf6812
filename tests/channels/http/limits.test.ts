import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { fullOr } from '../../support/full-numbers.ts'
import { openPortal, type Portal, sendRaw } from '../../support/portal.ts'

const limits = { headers: 400, body: 700, silence: 1000, upload: 4000, idle: 6000 }
const slowOnes = fullOr(500, 300)
let portal: Portal
before(async () => (portal = await openPortal({ limits })))
after(async () => await portal.close())

const post = (headers: string[], body = '', path = '/signin') =>
  [
    `POST ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${portal.port}`,
    'Content-Type: application/json',
    `Origin: ${portal.base}`,
    ...headers,
    '',
    body,
  ].join('\r\n')
const statusOf = ({ text }: { text: string }) => Number(text.slice(9, 12))

describe('somebody who sends slowly', () => {
  it('is cut off in the middle of the headers', async () => {
    const answer = await sendRaw(portal.port, 'GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ')
    assert.equal(answer.closed, true)
    assert.ok(answer.after > 350 && answer.after < 2_000, `after ${answer.after} ms`)
  })

  it('is cut off in the middle of a body, and told why', async () => {
    const answer = await sendRaw(portal.port, post(['Content-Length: 100'], '{"ppr":'))
    assert.deepEqual([statusOf(answer), answer.closed], [408, true])
    assert.match(answer.text, /{"error":{"code":"bodyTimeout"}}$/)
    assert.deepEqual(portal.logged, [], 'which is nothing for the operator')
    assert.ok(answer.after > 650 && answer.after < 1_400, `after ${answer.after} ms`)
  })

  for (const [what, path] of [
    ['a form', '/v3/directline/conversations/c/upload'],
    ['a piece', '/v3/directline/conversations/c/uploads/u'],
  ] as const)
    it(`may take long for a file in ${what}, and is cut off when nothing comes any more`, async () => {
      const socket = connect(portal.port, '127.0.0.1').on('error', () => undefined)
      let answer = ''
      socket.on('data', text => (answer += String(text)))
      socket.write(post(['Content-Length: 100'], 'x', path))
      const begun = performance.now()
      // Far longer than any other body may take.
      for (let sent = 0; sent < 10; sent++) {
        await new Promise(resolve => setTimeout(resolve, 200))
        assert.equal(socket.destroyed, false, `after ${performance.now() - begun} ms`)
        socket.write('x')
      }
      const silent = performance.now()
      await new Promise(resolve => socket.resume().once('close', resolve))
      const after = performance.now() - silent
      assert.ok(after > 800 && after < 3_000, `after ${after} ms`)
      assert.ok(answer === '' || answer.startsWith('HTTP/1.1 4'), answer)
    })

  it('is cut off in the end, even when a byte of the file comes now and then', async () => {
    const socket = connect(portal.port, '127.0.0.1').on('error', () => undefined)
    socket.write(post(['Content-Length: 1000'], 'x', '/v3/directline/conversations/c/upload'))
    const begun = performance.now()
    const drip = setInterval(() => socket.write('x'), 200)
    await new Promise(resolve => socket.resume().once('close', resolve))
    clearInterval(drip)
    const after = performance.now() - begun
    assert.ok(after > 3_500 && after < 9_000, `after ${after} ms`)
  })

  it('is cut off on a route that reads no body too', async () => {
    const answer = await sendRaw(portal.port, 'GET /health/live HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nx')
    assert.equal(answer.closed, true)
    assert.ok(answer.after < 1_400, `after ${answer.after} ms`)
  })

  it(`holds nobody up: ${slowOnes} of them, and the others are answered before these are cut`, async () => {
    const slow = Array.from({ length: slowOnes }, () => connect(portal.port, '127.0.0.1').on('error', () => undefined))
    for (const socket of slow) socket.write('GET / HTTP/1.1\r\nX: ')
    const cut = Promise.all(
      slow.map(socket => new Promise(resolve => (socket.resume(), socket.once('close', resolve)))),
    )
    const first = await Promise.race([portal.get('/health/live'), cut])
    assert.ok('status' in first, 'the slow ones were cut first')
    for (let ask = 0; ask < 10; ask++) assert.equal((await portal.get('/health/live')).status, 200)
    await cut
  })
})

describe('somebody who sends too much', () => {
  it('is refused by what they announce, and by what they send', async () => {
    const announced = await sendRaw(portal.port, post(['Content-Length: 9000', 'Connection: close'], 'x'))
    assert.equal(statusOf(announced), 413)
    const chunked = await sendRaw(
      portal.port,
      post(['Transfer-Encoding: chunked', 'Connection: close'], `2400\r\n${'x'.repeat(0x2400)}\r\n0\r\n\r\n`),
    )
    assert.equal(statusOf(chunked), 413)
  })

  it('is refused with too long headers', async () => {
    const answer = await sendRaw(portal.port, `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(17 * 1024)}\r\n\r\n`)
    assert.deepEqual([statusOf(answer), answer.closed], [431, true])
  })

  it('is refused with JSON that is deep, broken, not UTF-8, or not JSON', async () => {
    const bodies = [
      '['.repeat(4000),
      `{"ppr":${'{"a":'.repeat(100)}1${'}'.repeat(100)}}`,
      '{"ppr":',
      '\xff\xfe',
      '',
      'null',
      '[]',
      '{"ppr":1,"password":"x"}',
      '{"__proto__":{"ppr":"1","password":"x"}}',
    ]
    for (const body of bodies) {
      const answer = await sendRaw(portal.port, post([`Content-Length: ${body.length}`, 'Connection: close'], body))
      assert.equal(statusOf(answer), 400, body.slice(0, 20))
    }
  })
})

describe('somebody who smuggles one request in another', () => {
  const smuggled: [string, () => string][] = [
    ['two ways to end', () => post(['Content-Length: 4', 'Transfer-Encoding: chunked'], '0\r\n\r\n')],
    ['two lengths', () => post(['Content-Length: 4', 'Content-Length: 5'], 'xxxx')],
    ['a coding that is none', () => post(['Transfer-Encoding: xchunked'], '0\r\n\r\n')],
    ['bare line feeds', () => 'GET / HTTP/1.1\nHost: x\n\n'],
    ['a space before the colon', () => 'GET / HTTP/1.1\r\nHost : x\r\n\r\n'],
    ['a length with a sign', () => post(['Content-Length: +4'], 'xxxx')],
  ]
  for (const [what, bytes] of smuggled) {
    it(`is refused with ${what}, and the connection closed`, async () => {
      const answer = await sendRaw(portal.port, bytes())
      assert.deepEqual([statusOf(answer), answer.closed], [400, true])
    })
  }
})
