import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { demoMembers, seedDemoMembers } from '../../../services/members/demo-members.ts'
import { type Accounts, openAccounts } from '../../support/accounts.ts'

let accounts: Accounts
before(async () => {
  accounts = await openAccounts()
  await seedDemoMembers(accounts)
})
after(async () => await accounts.close())

let addresses = 0
const freshAddress = () => `192.0.2.${++addresses}`
const attempt = (ppr: string, password: string, address = freshAddress()) =>
  accounts.signIn.signIn({ ppr, password, address })

describe('a member who signs in', () => {
  it('is let in with their password, and told nothing else otherwise', async () => {
    const right = await attempt('1000001', 'demo')
    assert.equal(right.ok && right.memberId, (await accounts.members.findByPpr('1000001'))?.id)
    const wrong = await attempt('1000001', 'Demo')
    assert.deepEqual(wrong, { ok: false, reason: 'wrongCredentials' })
    assert.deepEqual(await attempt('999', 'demo'), wrong, 'a PPR that does not exist')
    assert.deepEqual(await attempt('', 'demo'), wrong, 'no PPR at all')
  })
})

describe('somebody who guesses passwords', () => {
  for (const [ppr, whose] of [
    ['1000002', 'a member'],
    ['424242', 'nobody'],
  ] as const) {
    it(`waits 1, 2, 4, 8, then 15 minutes after five wrong ones for ${whose}`, async () => {
      for (let failure = 1; failure <= 5; failure++) assert.equal((await attempt(ppr, 'x')).ok, false)
      for (const minutes of [1, 2, 4, 8, 15, 15, 15]) {
        const locked = { ok: false, reason: 'locked', minutes }
        assert.deepEqual(await attempt(ppr, 'x'), locked)
        assert.deepEqual(await attempt(ppr, 'demo'), locked, 'the right one does not help')
        accounts.clock.advance({ minutes: minutes - 0.01 })
        assert.deepEqual(await attempt(ppr, 'x'), { ...locked, minutes: 1 }, 'and trying does not make it longer')
        accounts.clock.advance({ minutes: 0.02 })
        assert.deepEqual(await attempt(ppr, 'x'), { ok: false, reason: 'wrongCredentials' })
      }
    })
  }

  it('gets no more tries by sending them all at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 30 }, async () => await attempt('1000003', 'x', '198.51.100.1')),
    )
    const reasons = answers.map(answer => (answer.ok ? 'in' : answer.reason))
    assert.equal(reasons.filter(reason => reason === 'wrongCredentials').length, 5)
    assert.equal(reasons.filter(reason => reason === 'locked').length, 25)
  })

  it('waits too when they try one password on many accounts from one address', async () => {
    const address = '203.0.113.7'
    for (let failure = 0; failure < 50; failure++) await attempt(`77${failure}`, 'demo', address)
    assert.deepEqual(await attempt('1000001', 'demo', address), { ok: false, reason: 'locked', minutes: 1 })
    assert.equal((await attempt('1000001', 'demo')).ok, true, 'and nobody else does')
  })

  it('leaves neither PPR nor address in the database', async () => {
    await attempt('1000005', 'x', '203.0.113.99')
    const { rows } = await accounts.database.query(
      "select encode(subject, 'escape') as text, encode(subject, 'hex') as hex from sign_in_failure",
    )
    const dump = JSON.stringify(rows)
    for (const secret of ['1000005', '203.0.113.99', Buffer.from('1000005').toString('hex')])
      assert.ok(!dump.includes(secret))
  })
})

describe('a member who mistyped', () => {
  it('begins anew after the right password, and a day later without it', async () => {
    for (let failure = 0; failure < 4; failure++) await attempt('1000004', 'x')
    assert.equal((await attempt('1000004', 'demo')).ok, true)
    for (let failure = 0; failure < 5; failure++) await attempt('1000004', 'x')
    assert.equal((await attempt('1000004', 'demo')).ok, false)
    accounts.clock.advance({ hours: 25 })
    for (let failure = 0; failure < 5; failure++)
      assert.deepEqual(await attempt('1000004', 'x'), { ok: false, reason: 'wrongCredentials' })
  })

  it('is not held up by colleagues behind the same address who sign in well', async () => {
    const address = '203.0.113.8'
    for (let time = 0; time < 60; time++) assert.equal((await attempt('1000005', 'demo', address)).ok, true)
  })

  it('has the table kept short', async () => {
    accounts.clock.advance({ days: 2 })
    await accounts.delays.sweep()
    assert.deepEqual((await accounts.database.query('select 1 from sign_in_failure')).rows, [])
  })
})

describe('the demo members', () => {
  it('all have the password that the page tells', async () => {
    for (const { ppr } of demoMembers) assert.equal((await attempt(ppr, 'demo')).ok, true, ppr)
  })
})
