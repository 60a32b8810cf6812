import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { openChat, type Chat } from '../../support/chat.ts'
import { openOffice, type Office } from '../../support/office.ts'
import { goTo } from '../../support/shortcuts.ts'

const HOUR_MS = 60 * 60 * 1000

describe('a member looks for their requests', () => {
  let office: Office
  let chat: Chat
  before(async () => {
    office = await openOffice()
    chat = await openChat(office, { ppr: '1000001', language: 'fr' })
    for (const beneficiary of ['member', 'spouse', 'child'] as const) {
      await goTo(office, chat, { to: 'submitted', beneficiary })
      office.clock.at = new Date(office.clock.at.getTime() + HOUR_MS)
    }
  })
  after(() => office.close())

  it('finds them newest first, a page at a time, with how many there are', async () => {
    const { history } = office.services
    const first = await history.page(chat.memberId, { from: 0, count: 2 })
    assert.deepEqual(
      [first.total, first.dossiers.map(({ number }) => number)],
      [3, ['AES-2026-000003', 'AES-2026-000002']],
    )
    assert.deepEqual(
      first.dossiers.map(({ personName }) => personName),
      ['Inès El Amrani', 'Nadia Berrada'],
    )
    const rest = await history.page(chat.memberId, { from: 2, count: 2 })
    assert.deepEqual(
      rest.dossiers.map(({ number, beneficiary, personName }) => [number, beneficiary, personName]),
      [['AES-2026-000001', 'member', undefined]],
    )
  })

  it('finds nothing of another member, though the draft is known', async () => {
    const other = await office.services.members.findByPpr('1000002')
    const { rows } = await office.database.query('select id from dossier limit 1')
    assert.equal(await office.services.history.numberOf(other?.id ?? '', String(rows[0]?.['id'])), undefined)
    assert.equal((await office.services.history.page(other?.id ?? '', { from: 0, count: 5 })).total, 0)
  })

  it('is told the newest number for an hour', async () => {
    const since = (hours: number) =>
      office.services.history.numberSince(chat.memberId, new Date(office.clock.at.getTime() - hours * HOUR_MS))
    assert.equal(await since(1), 'AES-2026-000003')
    assert.equal(await since(0.9), undefined)
  })
})
