import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { languages } from '../../services/language.ts'
import { openChat, type Chat } from '../support/chat.ts'
import { openOffice, type Office } from '../support/office.ts'
import { openProactive, statusFile, tellAll } from '../support/proactive.ts'
import { goTo } from '../support/shortcuts.ts'

const said = async (chat: Chat) => (await chat.heard()).map(block => block.join('\n'))

describe('a member whose dossier is decided on', () => {
  let office: Office
  let parts: ReturnType<typeof openProactive>
  before(async () => {
    office = await openOffice()
    parts = openProactive(office.database, { now: () => new Date(office.clock.at) })
  })
  beforeEach(() => office.clear())
  after(() => office.close())

  async function submitted(language: 'fr' | 'ar' = 'fr'): Promise<Chat> {
    const chat = await openChat(office, { ppr: '1000001', language })
    await goTo(office, chat, { to: 'submitted' })
    await chat.heard()
    return chat
  }
  async function becomes(number: string, status: string): Promise<void> {
    const result = await parts.statusChanges.run(statusFile([number, status]))
    assert.equal(result.ok, true)
  }

  const words = {
    fr: /Du nouveau pour votre demande[^]*AES-2026-000001[^]*Nouveau statut : Acceptée/,
    ar: /مستجد بخصوص طلبكم[^]*AES-2026-000001[^]*الحالة الجديدة: مقبول/,
  }
  for (const language of languages)
    it(`reads it in their language, ${language}, once`, async () => {
      const chat = await submitted(language)
      await becomes('AES-2026-000001', 'accepted')
      await tellAll(office, parts.notices)
      await tellAll(office, parts.notices)
      const news = await said(chat)
      assert.equal(news.length, 1)
      assert.match(news[0] ?? '', words[language])
    })

  it('goes on with the question that stands, whose buttons still hold', async () => {
    const chat = await submitted()
    await goTo(office, chat, { to: 'beneficiary' })
    await chat.heard()
    await becomes('AES-2026-000001', 'inReview')
    await tellAll(office, parts.notices)
    const news = await said(chat)
    assert.equal(news.length, 1, 'nothing was edited, and nothing asked again')
    const titles = (await chat.live()).map(({ title }) => title)
    for (const title of ['Enfant', 'Retour', 'Annuler la demande']) assert.ok(titles.includes(title), title)
    await chat.presses('Adhérent(e)')
    assert.match((await said(chat)).join('\n'), /Quel est le motif/)
  })

  it('is greeted in a new chat when the old one was closed, and finds it there', async () => {
    const chat = await submitted('ar')
    office.clock.at = new Date(office.clock.at.getTime() + 40 * 24 * 3_600_000)
    await office.services.conversations.closeIdle(office.clock.at)
    await becomes('AES-2026-000001', 'paid')
    const [id = ''] = await tellAll(office, parts.notices)
    assert.notEqual(id, chat.id)
    const open = await office.services.conversations.openOf(chat.memberId, 'webchat')
    assert.equal(open?.id, id)
    const bodies = (await office.services.conversations.latest(id, 10)).filter(({ direction }) => direction === 'out')
    assert.deepEqual(
      bodies.map(({ body }) => [body.text?.slice(0, 12), body.locale]),
      [
        ['السلام عليكم', 'ar-MA'],
        [undefined, 'ar-MA'],
      ],
    )
  })

  it('is told only the last of what was corrected meanwhile', async () => {
    const chat = await submitted()
    await becomes('AES-2026-000001', 'rejected')
    await becomes('AES-2026-000001', 'accepted')
    await tellAll(office, parts.notices)
    const news = await said(chat)
    assert.equal(news.length, 1)
    assert.match(news[0] ?? '', /Acceptée/)
  })

  it('hears nothing of what is another member’s', async () => {
    await submitted()
    const other = await openChat(office, { ppr: '1000002', language: 'fr' })
    await other.heard()
    await becomes('AES-2026-000001', 'accepted')
    await tellAll(office, parts.notices)
    assert.deepEqual(await other.heard(), [])
  })

  it('is not told again after a crash between the inbox and the mark', async () => {
    const chat = await submitted()
    await becomes('AES-2026-000001', 'accepted')
    await tellAll(office, parts.notices)
    await office.database.query('update proactive_notice set taken_at = null')
    await tellAll(office, parts.notices)
    assert.equal((await said(chat)).length, 1)
  })
})
