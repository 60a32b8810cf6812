import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { keyedHash, keyedHashMatches } from '../../../services/keys/keyed-hash.ts'
import { createKeyring, generateSecretKey } from '../../../services/keys/keyring.ts'
import { open, seal } from '../../../services/keys/seal.ts'
import { loadOrCreateSecretKey } from '../../../services/keys/secret-key-file.ts'

const first = generateSecretKey()
const second = generateSecretKey()
const keyring = createKeyring(first)
const rotated = createKeyring(`${second},${first}`)
const plain = Buffer.from('190170211110374226001507')

describe('an operator who sets SECRET_KEY', () => {
  it('gets one key for each purpose, the same at every start', () => {
    const again = createKeyring(first)
    const { id, key } = keyring.current('rib')
    assert.equal(again.current('rib').id, id)
    assert.ok(again.current('rib').key.equals(key))
    assert.ok(!keyring.current('rib-hash').key.equals(key))
    assert.equal(keyring.current('token').key.symmetricKeySize, 32)
  })

  it('is refused, without being quoted, when an entry is malformed, short or repeated', () => {
    const short = Buffer.alloc(31, 7).toString('base64')
    for (const wrong of [
      '',
      'nocolon',
      `:${short}`,
      `k1:${short}`,
      'k1:not base64!',
      `${first},${first}`,
      `a b:${first.split(':')[1]}`,
    ])
      assert.throws(
        () => createKeyring(wrong),
        (error: Error & { code?: string }) =>
          error.code === 'config.invalid' &&
          (wrong === '' || !error.message.includes(short)) &&
          !error.message.includes(first),
      )
  })

  it('is told which key id is missing', () => {
    assert.throws(() => keyring.byId('rib', second.split(':')[0] ?? ''), { code: 'key.unknown' })
  })
})

describe('a value that is sealed', () => {
  it('opens again for what it belongs to, and is different each time', () => {
    const sealed = seal({ keyring, purpose: 'rib' }, plain, 'member-1')
    assert.deepEqual(open({ keyring, purpose: 'rib' }, sealed, 'member-1'), plain)
    assert.notDeepEqual(seal({ keyring, purpose: 'rib' }, plain, 'member-1'), sealed)
    assert.equal(sealed.includes(plain), false)
    assert.deepEqual(
      open({ keyring, purpose: 'rib' }, seal({ keyring, purpose: 'rib' }, Buffer.alloc(0), 'm'), 'm'),
      Buffer.alloc(0),
    )
  })

  it('does not open for another owner, another purpose, or with any bit changed', () => {
    const sealed = seal({ keyring, purpose: 'rib' }, plain, 'member-1')
    assert.throws(() => open({ keyring, purpose: 'rib' }, sealed, 'member-2'), { code: 'sealed.broken' })
    assert.throws(() => open({ keyring, purpose: 'document' }, sealed, 'member-1'), { code: 'sealed.broken' })
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const changed = Buffer.from(sealed)
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      assert.throws(() => open({ keyring, purpose: 'rib' }, changed, 'member-1'), { name: 'AppError' })
    }
    for (let length = 0; length < sealed.length; length++)
      assert.throws(() => open({ keyring, purpose: 'rib' }, sealed.subarray(0, length), 'member-1'), {
        name: 'AppError',
      })
  })

  it('still opens once another key is current, and new values need that key', () => {
    assert.deepEqual(
      open({ keyring: rotated, purpose: 'rib' }, seal({ keyring, purpose: 'rib' }, plain, 'm'), 'm'),
      plain,
    )
    assert.throws(
      () => open({ keyring, purpose: 'rib' }, seal({ keyring: rotated, purpose: 'rib' }, plain, 'm'), 'm'),
      { code: 'key.unknown' },
    )
  })
})

describe('a keyed hash', () => {
  it('matches its text only, also after the key was changed', () => {
    const hash = keyedHash(keyring, 'rib-hash', '190170')
    assert.deepEqual(keyedHash(keyring, 'rib-hash', '190170'), hash)
    assert.equal(keyedHashMatches({ keyring: rotated, purpose: 'rib-hash' }, '190170', hash), true)
    assert.equal(keyedHashMatches({ keyring, purpose: 'rib-hash' }, '190171', hash), false)
    assert.equal(keyedHashMatches({ keyring, purpose: 'sign-in' }, '190170', hash), false)
  })

  it('matches nothing when its key is gone or it is damaged', () => {
    assert.equal(keyedHashMatches({ keyring, purpose: 'rib-hash' }, 'x', keyedHash(rotated, 'rib-hash', 'x')), false)
    for (const damaged of [Buffer.alloc(0), randomBytes(40), keyedHash(keyring, 'rib-hash', 'x').subarray(0, -1)])
      assert.equal(keyedHashMatches({ keyring, purpose: 'rib-hash' }, 'x', damaged), false)
  })
})

describe('an installation without a configured key', () => {
  it('makes one at its first start, for its owner only, and finds it again', async t => {
    const dataDir = join(await privateFolder(t), 'data')
    const made = await loadOrCreateSecretKey(dataDir)
    createKeyring(made)
    assert.equal(await loadOrCreateSecretKey(dataDir), made)
    assert.deepEqual(await readdir(dataDir), ['secret-key'])
    assert.equal((await stat(join(dataDir, 'secret-key'))).mode & 0o777, 0o600)
  })

  it('agrees on one key when several processes start at once', async t => {
    const dataDir = await privateFolder(t)
    const made = await Promise.all(Array.from({ length: 20 }, () => loadOrCreateSecretKey(dataDir)))
    assert.equal(new Set(made).size, 1)
    assert.deepEqual(await readdir(dataDir), ['secret-key'])
  })

  it('never replaces a key file, not even one that it cannot use', async t => {
    const dataDir = await privateFolder(t)
    await writeFile(join(dataDir, 'secret-key'), '')
    assert.throws(() => createKeyring(''), { code: 'config.invalid' })
    assert.equal(await loadOrCreateSecretKey(dataDir), '')
  })
})

async function privateFolder(t: { after(done: () => Promise<void>): void }): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'moussaada-keys-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  return folder
}
