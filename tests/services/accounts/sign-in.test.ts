import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Device } from '../../../services/accounts/known-devices.ts'
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

/** A browser in which the member has signed in before. */
async function deviceOf(ppr: string): Promise<Device | undefined> {
  const memberId = (await accounts.members.findByPpr(ppr))?.id ?? ''
  return accounts.devices.read(accounts.devices.remember(undefined, memberId))
}

const wrongCredentials = { ok: false, reason: 'wrongCredentials' }
const lastHeld = () => accounts.held.splice(0).at(-1) ?? 0

describe('colleagues behind one address', () => {
  it('all get in at once after fifty wrong passwords from there', async () => {
    const address = '203.0.113.7'
    for (let failure = 0; failure < 50; failure++) await attempt(`77${failure}`, 'x', address)
    lastHeld()
    const answers = await Promise.all(
      ['1000001', '1000002', '1000003', '1000005'].map(async ppr => await attempt(ppr, 'demo', address)),
    )
    assert.deepEqual(
      answers.map(({ ok }) => ok),
      [true, true, true, true],
    )
    assert.deepEqual(accounts.held, [], 'and nobody waits')
  })

  it('are held back for five seconds at most while somebody there tries a thousand, and not any more half an hour later', async () => {
    const address = '203.0.113.9'
    for (let failure = 0; failure < 1_000; failure++) await attempt(`88${failure}`, 'x', address)
    assert.equal(lastHeld(), 5_000)
    assert.equal((await attempt('1000001', 'demo', address)).ok, true)
    assert.equal(lastHeld(), 5_000)
    assert.equal((await attempt('1000001', 'demo')).ok, true)
    assert.equal(lastHeld(), 0, 'nobody elsewhere')
    accounts.clock.advance({ minutes: 21 })
    assert.equal((await attempt('1000001', 'demo', address)).ok, true)
    assert.equal(lastHeld(), 0)
  })

  it('are not held up by one another when they sign in well', async () => {
    const address = '203.0.113.8'
    for (let time = 0; time < 130; time++) assert.equal((await attempt('1000005', 'demo', address)).ok, true)
    assert.equal(lastHeld(), 0)
  })
})

describe('a member whose password a stranger guesses', () => {
  for (const [ppr, whose] of [
    ['1000002', 'a member'],
    ['424242', 'nobody'],
  ] as const) {
    it(`is answered later and later, up to five seconds, on the stranger's address (${whose})`, async () => {
      const address = freshAddress()
      const waits: number[] = []
      for (let failure = 0; failure < 12; failure++) {
        assert.deepEqual(await attempt(ppr, 'x', address), wrongCredentials)
        waits.push(lastHeld())
      }
      assert.deepEqual(waits, [0, 0, 0, 0, 0, 1_000, 2_000, 3_000, 4_000, 5_000, 5_000, 5_000])
      accounts.clock.advance({ minutes: 30 })
      await attempt(ppr, 'x', address)
      assert.equal(lastHeld(), 0, 'forgotten with time')
    })
  }

  it('gets in on a new device until a hundred tries a day, and always on a known one', async () => {
    const stranger = freshAddress()
    accounts.clock.advance({ days: 2 })
    const device = await deviceOf('1000001')
    let refused = 0
    for (let tries = 1; tries <= 1_000; tries++) {
      const answer = await attempt('1000001', `guess ${tries}`, stranger)
      assert.equal(answer.ok, false)
      if (tries === 99) {
        lastHeld()
        assert.equal((await attempt('1000001', 'demo')).ok, true, 'on a new device')
        assert.equal(lastHeld(), 0, 'without a wait')
        assert.equal((await attempt('1000001', 'demo', stranger)).ok, true, 'even from where the stranger is')
        assert.ok(lastHeld() <= 5_000)
      }
      if (answer.ok || answer.reason !== 'wrongCredentials') refused++
      if (tries % 100 === 0) {
        lastHeld()
        const known = { ppr: '1000001', password: 'demo', address: stranger, device }
        assert.equal((await accounts.signIn.signIn(known)).ok, true, `on the known one after ${tries}`)
        assert.equal(lastHeld(), 0)
      }
      // All of them within a day.
      accounts.clock.advance({ minutes: 1.4 })
    }
    assert.equal(refused, 900)
    const closed = await attempt('1000001', 'demo')
    assert.deepEqual(closed, { ok: false, reason: 'knownDevicesOnly', hours: 1 })
    accounts.clock.advance({ hours: 1 })
    assert.equal((await attempt('1000001', 'demo')).ok, true, 'and a day after the first of them anywhere')
  })

  it('loses nothing when the tries come all at once', async () => {
    const answers = await Promise.all(Array.from({ length: 130 }, async () => await attempt('1000003', 'x')))
    const reasons = answers.map(answer => (answer.ok ? 'in' : answer.reason))
    assert.equal(reasons.filter(reason => reason === 'knownDevicesOnly').length, 30)
    assert.equal((await attempt('1000003', 'demo')).ok, false)
  })

  it('is told the same as nobody, whoever asks', async () => {
    for (let tries = 0; tries < 100; tries++) await attempt('535353', 'x')
    const closed = { ok: false, reason: 'knownDevicesOnly', hours: 24 }
    assert.deepEqual(await attempt('535353', 'x'), closed)
    assert.deepEqual(await attempt('1000003', 'x'), closed)
  })

  it('is let in again by an operator, and the operator hears whether there is such a member', async () => {
    const memberId = (await accounts.members.findByPpr('1000003'))?.id
    assert.equal(await accounts.unlock.run('535353'), false)
    assert.equal(await accounts.unlock.run('1000003'), true)
    assert.equal((await attempt('1000003', 'demo')).ok, true)
    const { rows } = await accounts.database.query("select actor, subject from audit where action = 'account.unlocked'")
    assert.deepEqual(rows, [{ actor: 'system', subject: memberId }])
  })
})

describe('somebody with the cookie of a member’s device', () => {
  it('guesses twenty times a day, and uses up nothing of the account', async () => {
    const device = await deviceOf('1000004')
    const guess = (password: string) =>
      accounts.signIn.signIn({ ppr: '1000004', password, address: '198.51.100.9', device })
    lastHeld()
    for (let tries = 0; tries < 20; tries++) await guess('x')
    assert.equal(lastHeld(), 5_000)
    for (let tries = 0; tries < 100; tries++) await guess('x')
    assert.deepEqual(await guess('demo'), { ok: false, reason: 'knownDevicesOnly', hours: 24 })
    const own = { ppr: '1000004', password: 'demo', address: freshAddress(), device: await deviceOf('1000004') }
    assert.equal((await accounts.signIn.signIn(own)).ok, true, 'the member, on another device of theirs')
  })

  it('is a stranger to every other member', async () => {
    const device = await deviceOf('1000001')
    accounts.clock.advance({ days: 2 })
    for (let tries = 0; tries < 100; tries++) await attempt('1000002', 'x')
    const other = { ppr: '1000002', password: 'demo', address: freshAddress(), device }
    assert.equal((await accounts.signIn.signIn(other)).ok, false)
  })
})

describe('a shared PC', () => {
  it('knows the last eight members who signed in there, for 400 days', () => {
    let device: Device | undefined
    const members = Array.from({ length: 9 }, (_, place) => `member ${place}`)
    for (const member of members) device = accounts.devices.read(accounts.devices.remember(device, member))
    assert.ok(device)
    assert.equal(accounts.devices.knows(device, 'member 0'), false)
    for (const member of members.slice(1)) assert.equal(accounts.devices.knows(device, member), true)
    accounts.clock.advance({ days: 401 })
    assert.equal(accounts.devices.knows(device, 'member 8'), false)
  })

  it('cannot be told who they are, nor be made to know another', () => {
    const value = accounts.devices.remember(undefined, 'member-one')
    assert.doesNotMatch(Buffer.from(value, 'base64url').toString('latin1'), /member/)
    for (const forged of ['', 'x', `${value.slice(0, -2)}AA`, 'A'.repeat(100_000)])
      assert.equal(accounts.devices.read(forged), undefined)
  })
})

describe('a stranger who guesses', () => {
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

describe('the counts of failures', () => {
  it('are gone two days later', async () => {
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
