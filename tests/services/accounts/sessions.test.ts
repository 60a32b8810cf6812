import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { createLiveness } from '../../../services/accounts/liveness.ts'
import { seedDemoMembers } from '../../../services/members/demo-members.ts'
import { type Accounts, openAccounts } from '../../support/accounts.ts'

describe('a member who is signed in', () => {
  let accounts: Accounts
  let memberId = ''
  before(async () => {
    accounts = await openAccounts()
    await seedDemoMembers(accounts)
    memberId = (await accounts.members.findByPpr('1000001'))?.id ?? ''
  })
  after(async () => await accounts.close())

  it('stays so while they come back within half a day', async () => {
    const session = await accounts.sessions.open(memberId)
    for (let visit = 0; visit < 5; visit++) {
      accounts.clock.advance({ hours: 11 })
      assert.equal((await accounts.sessions.find(session))?.memberId, memberId)
    }
    accounts.clock.advance({ hours: 12, minutes: 1 })
    assert.equal(await accounts.sessions.find(session), undefined)
  })

  it('stays so while they write in the chat, and not while a page only stands open', async () => {
    const { sessions, clock } = accounts
    const value = await sessions.open(memberId)
    const id = (await sessions.find(value))?.id ?? ''
    clock.advance({ hours: 11 })
    await sessions.touch(id)
    clock.advance({ hours: 11 })
    const liveness = createLiveness({ ...accounts, now: clock.now })
    assert.equal(await liveness.isLive({ memberId, sessionId: id }), true)
    clock.advance({ hours: 1, minutes: 1 })
    assert.equal(await createLiveness({ ...accounts, now: clock.now }).isLive({ memberId, sessionId: id }), false)
  })

  it('signs in again after a week, however often they came', async () => {
    const session = await accounts.sessions.open(memberId)
    for (let hours = 0; hours < 7 * 24; hours += 6) {
      assert.equal((await accounts.sessions.find(session))?.memberId, memberId)
      accounts.clock.advance({ hours: 6 })
    }
    assert.equal(await accounts.sessions.find(session), undefined)
  })

  it('signs out of one place and stays in another', async () => {
    const [phone, desk] = [await accounts.sessions.open(memberId), await accounts.sessions.open(memberId)]
    assert.notEqual(phone, desk)
    await accounts.sessions.end(phone)
    await accounts.sessions.end(phone)
    assert.equal(await accounts.sessions.find(phone), undefined)
    assert.equal((await accounts.sessions.find(desk))?.memberId, memberId)
  })

  it('has a session that nobody makes up or reads from the database', async () => {
    const session = await accounts.sessions.open(memberId)
    assert.match(session, /^[\w-]{43}$/)
    for (const guess of ['', 'x', session.slice(1), `${session}A`])
      assert.equal(await accounts.sessions.find(guess), undefined)
    const { rows } = await accounts.database.query("select id, encode(id_hash, 'base64') as hash from session")
    const bare = session.replaceAll('-', '+').replaceAll('_', '/')
    assert.ok(!JSON.stringify(rows).includes(bare))
  })

  it('has old sessions removed', async () => {
    accounts.clock.advance({ days: 8 })
    assert.ok((await accounts.sessions.sweep()) > 0)
    assert.deepEqual((await accounts.database.query('select 1 from session')).rows, [])
  })
})
