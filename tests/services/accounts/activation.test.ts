import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import { hashActivationCode, newActivationCode } from '../../../services/accounts/activation-code.ts'
import { type Accounts, openAccounts } from '../../support/accounts.ts'

const password = 'une phrase à moi'

describe('a member who activates their account', () => {
  let accounts: Accounts
  before(async () => (accounts = await openAccounts()))
  after(async () => await accounts.close())

  const activate = (ppr: string, code: string, chosen = password) =>
    accounts.signIn.activate({ ppr, code, password: chosen })

  async function codeFor(ppr: string): Promise<string> {
    let code = ''
    const file = Buffer.from(`ppr;lien;nom;rib\n${ppr};adherent;Ali Alami;`)
    await accounts.registerImport.run(file, { replaceDemo: false, newCodes: true }, async codes => {
      code = codes[0]?.code ?? ''
    })
    return code
  }

  it('cannot sign in before, and can after', async () => {
    const code = await codeFor('1')
    const signIn = () => accounts.signIn.signIn({ ppr: '1', password, address: '198.51.100.1' })
    assert.deepEqual(await signIn(), { ok: false, reason: 'wrongCredentials' })
    assert.equal((await activate('1', code)).ok, true)
    assert.equal((await signIn()).ok, true)
  })

  it('uses the code once, also when two try at the same moment', async () => {
    const code = await codeFor('2')
    const both = await Promise.all([activate('2', code), activate('2', code)])
    assert.equal(both.filter(({ ok }) => ok).length, 1)
    assert.deepEqual(await activate('2', code), { ok: false, reason: 'wrongCredentials' })
  })

  it('is asked for a better password without losing the code', async () => {
    const code = await codeFor('3')
    assert.deepEqual(await activate('3', code, 'court'), { ok: false, reason: 'weakPassword' })
    assert.equal((await activate('3', code)).ok, true)
  })

  it('hears the same for a wrong code, no code, and nobody', async () => {
    await codeFor('4')
    const wrong = { ok: false, reason: 'wrongCredentials' }
    const other = newActivationCode(randomBytes)
    for (const [ppr, code] of [
      ['4', other],
      ['4', ''],
      ['4', 'x'],
      ['3', other],
      ['99', other],
    ] as const)
      assert.deepEqual(await activate(ppr, code), wrong)
  })

  it('gets in with a code while strangers have closed the account to new devices, and then with the password', async () => {
    const code = await codeFor('5')
    const signIn = (typed: string, address: string) =>
      accounts.signIn.signIn({ ppr: '5', password: typed, address: `198.51.100.${address}` })
    for (let failure = 0; failure < 100; failure++) await signIn('x', `${failure}`)
    assert.deepEqual(await signIn(password, '101'), { ok: false, reason: 'knownDevicesOnly', hours: 24 })
    assert.deepEqual(await activate('5', newActivationCode(randomBytes)), { ok: false, reason: 'wrongCredentials' })
    assert.equal((await activate('5', code)).ok, true)
    assert.equal((await signIn(password, '102')).ok, true)
  })

  it('is signed out everywhere when a forgotten password is replaced', async () => {
    const memberId = (await accounts.members.findByPpr('1'))?.id ?? ''
    const session = await accounts.sessions.open(memberId)
    const code = await codeFor('1')
    assert.equal((await accounts.sessions.find(session))?.memberId, memberId, 'until the code is used')
    assert.equal((await activate('1', code, 'une autre phrase')).ok, true)
    assert.equal(await accounts.sessions.find(session), undefined)
    assert.equal((await accounts.signIn.signIn({ ppr: '1', password, address: '198.51.100.2' })).ok, false)
  })
})

describe('an activation code', () => {
  it('holds 128 random bits: another bit, another code', () => {
    const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 })
    fc.assert(
      fc.property(bytes, fc.nat(127), (random, bit) => {
        const flipped = Uint8Array.from(random)
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        assert.notEqual(
          newActivationCode(() => random),
          newActivationCode(() => flipped),
        )
      }),
    )
  })

  it('may be typed small, spaced otherwise, and with letters for digits', () => {
    const code = '0123-4567-89AB-CDEF-GHJK-MNPQ-RS'
    const hash = hashActivationCode(code)
    assert.equal(hash?.length, 32)
    for (const typed of [
      code.toLowerCase(),
      code.replaceAll('-', ' '),
      code.replaceAll('-', ''),
      code.replace('01', 'oI'),
      ` ${code}\n`,
    ])
      assert.deepEqual(hashActivationCode(typed), hash, typed)
    for (const typed of ['', code.slice(1), `${code}0`, code.replace('A', 'U')])
      assert.equal(hashActivationCode(typed), undefined)
  })
})
