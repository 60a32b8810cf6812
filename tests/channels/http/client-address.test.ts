import assert from 'node:assert/strict'
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { describe, it } from 'node:test'
import { createClientAddress } from '../../../bot/http/client-address.ts'

function requestFrom(peer: string, forwarded?: string): IncomingMessage {
  const request = new IncomingMessage(Object.defineProperty(new Socket(), 'remoteAddress', { value: peer }))
  if (forwarded !== undefined) request.headers['x-forwarded-for'] = forwarded
  return request
}

describe('the address that a limit counts', () => {
  const table: [peer: string, forwarded: string | undefined, proxies: string[], expected: string][] = [
    ['192.0.2.1', undefined, [], '192.0.2.1'],
    ['192.0.2.1', '203.0.113.5', [], '192.0.2.1'],
    ['::ffff:192.0.2.1', undefined, [], '192.0.2.1'],
    ['10.0.0.1', '203.0.113.5', ['10.0.0.0/8'], '203.0.113.5'],
    ['::ffff:10.0.0.1', '203.0.113.5:4711', ['10.0.0.1'], '203.0.113.5'],
    ['10.0.0.1', '1.2.3.4, 203.0.113.5, 10.9.9.9', ['10.0.0.0/8'], '203.0.113.5'],
    ['10.0.0.1', 'unknown', ['10.0.0.0/8'], '10.0.0.1'],
    ['10.0.0.1', undefined, ['10.0.0.0/8'], '10.0.0.1'],
    ['fd00::1', '[2001:db8:1:2::5]:443', ['fd00::/8'], '2001:db8:1:2::/64'],
    ['2001:db8:1:2:3:4:5:6', undefined, [], '2001:db8:1:2::/64'],
    ['2001:db8::1', undefined, [], '2001:db8:0:0::/64'],
    ['::1', undefined, [], '0:0:0:0::/64'],
  ]
  for (const [peer, forwarded, proxies, expected] of table) {
    it(`is ${expected} for ${peer}, forwarded for ${forwarded ?? 'nobody'}, behind ${proxies.join() || 'no proxy'}`, () =>
      assert.equal(createClientAddress(proxies)(requestFrom(peer, forwarded)), expected))
  }

  it('needs proxies that can be read', () => {
    for (const entry of ['proxy.example', '10.0.0.0/99', ''])
      assert.throws(() => createClientAddress([entry]), { code: 'config.invalid' })
  })
})
