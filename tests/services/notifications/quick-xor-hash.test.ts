import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { quickXorHash } from '../../../services/notifications/archive/quick-xor-hash.ts'

/** The definition, bit by bit: slow, and nothing like ours. */
function byDefinition(bytes: Uint8Array): string {
  const ring = 160n
  let state = 0n
  bytes.forEach((byte, index) => {
    const at = BigInt((index * 11) % 160)
    const shifted = BigInt(byte) << at
    state ^= (shifted & ((1n << ring) - 1n)) | (shifted >> ring)
  })
  state ^= BigInt(bytes.length) << 96n
  const little = Buffer.from(state.toString(16).padStart(40, '0'), 'hex').reverse()
  return little.toString('base64')
}

describe('the archive compares its file with the fingerprint that SharePoint keeps', () => {
  it('makes the same one', () => {
    // Microsoft's reference implementation gives these.
    assert.equal(quickXorHash([]), 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=')
    assert.equal(quickXorHash([Buffer.from('Sg==', 'base64')]), 'SgAAAAAAAAAAAAAAAQAAAAAAAAA=')
    assert.equal(quickXorHash([Buffer.from('tbQ=', 'base64')]), 'taAFAAAAAAAAAAAAAgAAAAAAAAA=')
  })

  it('makes the same one however the bytes come', () => {
    const bytes = Buffer.from(Array.from({ length: 1000 }, (_, index) => (index * 7919) % 251))
    for (const length of [3, 14, 15, 16, 160, 161, 1000]) {
      const some = bytes.subarray(0, length)
      assert.equal(quickXorHash([some]), byDefinition(some))
      assert.equal(quickXorHash([some.subarray(0, 7), some.subarray(7)]), byDefinition(some))
    }
  })
})
