import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { parseJson } from '../../bot/json-request.ts'
import { isWithin, measureJson } from '../../bot/json-size.ts'
import { createSignedClaims } from '../../bot/channels/directline/signed-claims.ts'
import { createKeyring, generateSecretKey, type Keyring } from '../../services/keys/keyring.ts'
import { readInbound } from '../../bot/channels/directline/inbound.ts'

const bytesOf = (value: unknown) => Buffer.from(JSON.stringify(value))

/** Keys and values, as a walk over what was parsed finds them. */
function partsOf(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + partsOf(one), 1)
  if (typeof value !== 'object' || value === null) return 1
  return Object.values(value).reduce((sum: number, one) => sum + 1 + partsOf(one), 1)
}

/** An object that counts how often something of it is looked at. */
function counted(keys: number) {
  const seen = { count: 0 }
  const value = new Proxy(Object.fromEntries(Array.from({ length: keys }, (_, key) => [`key ${key}`, 'text'])), {
    get(target, key) {
      seen.count++
      return Reflect.get(target, key)
    },
  })
  return { value, seen }
}

describe('somebody who sends more than anything of ours holds', () => {
  it('has it measured in its bytes, in texts, brackets and escapes of every kind', () => {
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        const { parts } = measureJson(bytesOf(value))
        assert.ok(parts >= partsOf(value) / 2 && parts <= 2 * partsOf(value) + 1, JSON.stringify(value))
      }),
    )
    assert.equal(measureJson(Buffer.from('{"a\\"{[,":[["}]"]]}')).depth, 3)
  })

  it('is refused without a parse: 18,000 keys, or 33 brackets', t => {
    const wide = bytesOf(Object.fromEntries(Array.from({ length: 18_000 }, (_, key) => [`key${key}`, key])))
    const parse = t.mock.method(JSON, 'parse')
    assert.equal(parseJson(wide).ok, false)
    assert.equal(parseJson(Buffer.from('['.repeat(33) + ']'.repeat(33))).ok, false)
    assert.equal(parse.mock.callCount(), 0)
    assert.equal(parseJson(Buffer.from('['.repeat(32) + ']'.repeat(32))).ok, true)
  })

  it('has no more of a value looked at than its limits allow', () => {
    const { value, seen } = counted(3_000)
    assert.equal(readInbound({ type: 'message', value }).ok, false)
    assert.ok(seen.count < 600, `looked ${seen.count} times`)
  })

  it('has a token of absurd length refused before a key is looked for', async () => {
    const keyring = createKeyring(generateSecretKey())
    let asked = 0
    const counting = { ...keyring, byId: (...of: Parameters<Keyring['byId']>) => (asked++, keyring.byId(...of)) }
    const signing = { keyring: counting, now: () => new Date() }
    const claims = createSignedClaims(signing, { purpose: 'token', audience: 'test', lifetime: 60_000 })
    const token = await claims.sign({ member: 'm' })
    assert.equal((await claims.read(token))?.['member'], 'm')
    assert.equal(asked, 1)
    assert.equal(await claims.read(`${token}${'A'.repeat(8_000)}`), undefined)
    assert.equal(asked, 1)
  })

  it('is told from somebody whose button carries a lot', () => {
    assert.equal(isWithin({ choice: 'x'.repeat(8_000), more: [1, 2, 3] }, { units: 8 * 1024, parts: 500 }), true)
    assert.equal(isWithin({ choice: 'x'.repeat(8_192) }, { units: 8 * 1024, parts: 500 }), false)
    assert.equal(isWithin(Array(500).fill(0), { units: 8 * 1024, parts: 500 }), false)
  })
})
