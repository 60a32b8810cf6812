import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { createTeamsAccounts } from '../../../services/accounts/teams-accounts.ts'
import { createTeamsLinks } from '../../../services/accounts/teams-links.ts'
import { createKeyring, generateSecretKey } from '../../../services/keys/keyring.ts'
import { openFreshDatabase, type FreshDatabase } from '../../support/fresh-database.ts'

const MINUTE_MS = 60_000

describe('a member ties an account of Teams to themselves', () => {
  const clock = { at: new Date('2026-11-24T10:00:00Z') }
  const now = () => new Date(clock.at)
  const pass = (minutes: number) => (clock.at = new Date(clock.at.getTime() + minutes * MINUTE_MS))
  let fresh: FreshDatabase
  before(async () => void (fresh = await openFreshDatabase()))
  after(() => fresh.close())

  async function scene() {
    const { database } = fresh
    const member = { id: randomUUID(), ppr: String(Math.floor(Math.random() * 1e12)) }
    await database.query('insert into member (id, ppr, name) values ($1, $2, $3)', [member.id, member.ppr, 'Canary'])
    const account = randomUUID()
    const links = createTeamsLinks({ database, keyring: createKeyring(generateSecretKey()), now })
    const accounts = createTeamsAccounts({ database, now })
    return { member, account, links, accounts, link: await links.open({ account, name: 'Teams Name' }) }
  }
  type Scene = Awaited<ReturnType<typeof scene>>

  async function codeOf({ links, link, member }: Scene): Promise<string> {
    const page = await links.signIn(link, member.id)
    assert.equal(page?.accountName, 'Teams Name')
    const code = await links.issueCode(link, page.ticket)
    assert.match(code ?? '', /^[0-9]{6}$/)
    return code ?? ''
  }
  const wrong = (code: string) => (code === '000000' ? '000001' : '000000')

  it('by the code of the page, typed in the chat of that account', async () => {
    const one = await scene()
    assert.deepEqual(await one.links.redeem(one.account, await codeOf(one)), { ok: true, memberId: one.member.id })
    const tied = await one.accounts.tiedTo(one.member.id)
    assert.deepEqual(
      tied.map(({ account, source }) => [account, source]),
      [[one.account, 'link']],
    )
  })

  it('but not in the chat of another account', async () => {
    const [one, other] = [await scene(), await scene()]
    assert.deepEqual(await one.links.redeem(other.account, await codeOf(one)), { ok: false, reason: 'none' })
    assert.deepEqual(await one.accounts.tiedTo(one.member.id), [])
  })

  it('once: the same code again ties nothing', async () => {
    const one = await scene()
    const code = await codeOf(one)
    await one.links.redeem(one.account, code)
    assert.deepEqual(await one.links.redeem(one.account, code), { ok: false, reason: 'none' })
  })

  it('within five minutes', async () => {
    const one = await scene()
    const code = await codeOf(one)
    pass(5)
    assert.equal((await one.links.redeem(one.account, code)).ok, false)
  })

  it('within five tries', async () => {
    const one = await scene()
    const code = await codeOf(one)
    for (const triesLeft of [4, 3, 2, 1, 0])
      assert.deepEqual(await one.links.redeem(one.account, wrong(code)), { ok: false, reason: 'wrong', triesLeft })
    assert.deepEqual(await one.links.redeem(one.account, code), { ok: false, reason: 'none' })
  })

  it('with one code for each time that they gave their password', async () => {
    const one = await scene()
    const page = await one.links.signIn(one.link, one.member.id)
    assert.ok(page)
    assert.ok(await one.links.issueCode(one.link, page.ticket))
    assert.equal(await one.links.issueCode(one.link, page.ticket), undefined)
  })

  it('and whoever gave a password on the same link before is out', async () => {
    const [one, other] = [await scene(), await scene()]
    const earlier = await one.links.signIn(one.link, one.member.id)
    await one.links.signIn(one.link, other.member.id)
    assert.equal(await one.links.issueCode(one.link, earlier?.ticket ?? ''), undefined)
  })

  it('on a link that is no older than a quarter of an hour, and on no other', async () => {
    const one = await scene()
    pass(15)
    assert.equal(await one.links.signIn(one.link, one.member.id), undefined)
    assert.equal(await one.links.signIn('A'.repeat(43), one.member.id), undefined)
    assert.ok((await one.links.sweep()) >= 0)
  })

  it('and unties it again, with its chats', async () => {
    const one = await scene()
    await one.links.redeem(one.account, await codeOf(one))
    assert.equal(await one.accounts.forget(one.account, { memberId: randomUUID() }), false)
    assert.equal((await one.accounts.tiedTo(one.member.id)).length, 1)
    assert.equal(await one.accounts.forget(one.account, { memberId: one.member.id }), true)
    assert.deepEqual(await one.accounts.tiedTo(one.member.id), [])
  })

  it('and what links, pages and chats hold cannot be read from the database', async () => {
    const one = await scene()
    const page = await one.links.signIn(one.link, one.member.id)
    const code = await one.links.issueCode(one.link, page?.ticket ?? '')
    const { rows } = await fresh.database.query('select * from teams_link where account = $1', [one.account])
    const kept = JSON.stringify(rows, (_, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
    )
    for (const secret of [one.link, page?.ticket, code]) assert.ok(secret && !kept.includes(secret))
  })
})
