import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { z } from 'zod'
import { createDelivery } from '../../bot/channels/directline/delivery.ts'
import { groupRib } from '../../services/members/rib.ts'
import { openChat, type Chat } from '../support/chat.ts'
import { openOffice, type Office } from '../support/office.ts'
import { goTo } from '../support/shortcuts.ts'

const rib = '190170211110374226001507'
const grouped = groupRib(rib)

/** However the digits may be written: run together, in groups, as bytes in hexadecimal, in base 64. */
const writings = [
  rib,
  grouped,
  grouped.replaceAll('\u00a0', ' '),
  '2111103742260015',
  '٢١١١١٠٣٧٤٢٢٦٠٠١٥',
  Buffer.from(rib).toString('hex'),
  Buffer.from(rib).toString('base64').slice(0, 30),
]

const nameRow = z.object({ name: z.string() })
const textRow = z.object({ text: z.string() })

describe('a member is asked to confirm their RIB', () => {
  let office: Office
  let chat: Chat
  before(async () => {
    office = await openOffice()
    chat = await openChat(office, { ppr: '1000001', language: 'fr' })
    await goTo(office, chat, { to: 'rib' })
  })
  after(() => office.close())

  /** What the page shows of the whole conversation after a reload. */
  async function shownTo(memberId: string): Promise<string> {
    const delivery = createDelivery({
      links: { fileUrl: () => Promise.resolve('/file') },
      revealRib: office.services.revealRib,
      botName: () => 'Assistant FOSMEF',
    })
    return (await delivery.batch(await chat.transcript(), { memberId })).activities.join('\n')
  }

  async function dump(): Promise<string> {
    const tables = await office.database.query(
      `select table_name as name from information_schema.tables where table_schema = 'public'`,
    )
    const texts: string[] = []
    for (const { name } of tables.rows.map(row => nameRow.parse(row))) {
      // Bytes are written in hexadecimal here.
      const { rows } = await office.database.query(`select t::text as text from "${name}" t`)
      texts.push(...rows.map(row => textRow.parse(row).text))
    }
    return texts.join('\n')
  }

  it('sees it in full, and again after a reload', async () => {
    for (let load = 0; load < 2; load++) assert.ok((await shownTo(chat.memberId)).includes(grouped))
  })

  it('sees it in full in the card that stands, and in no card before it', async () => {
    await chat.writes('aide')
    await chat.writes('العربية')
    await chat.writes('français')
    assert.equal((await shownTo(chat.memberId)).split(grouped).length - 1, 1)
  })

  it('shows a mask to anybody else', async () => {
    const other = await office.services.members.findByPpr('1000002')
    const shown = await shownTo(other?.id ?? '')
    assert.ok(shown.includes('•••• 1507'))
    for (const writing of writings) assert.ok(!shown.includes(writing))
  })

  it('sees a mask once it is confirmed, also after a reload', async () => {
    await chat.presses('Confirmer')
    const shown = await shownTo(chat.memberId)
    assert.match(shown, /RIB confirmé\s: •••• 1507/)
    for (const writing of writings) assert.ok(!shown.includes(writing))
  })

  it('sees it in full again when going back to it, or editing it, and no longer', async () => {
    await chat.writes('retour')
    assert.ok((await shownTo(chat.memberId)).includes(grouped))
    await goTo(office, chat, { to: 'review' })
    assert.ok(!(await shownTo(chat.memberId)).includes(grouped))
    await chat.presses('Modifier : RIB')
    assert.ok((await shownTo(chat.memberId)).includes(grouped))
    await chat.presses('Confirmer')
  })

  it('leaves no trace of it in any table, in what they typed, or in the log', async () => {
    await chat.writes(`mon rib est ${rib}`)
    await chat.writes('190 170 2111103742260015 07')
    await chat.writes('١٩٠١٧٠٢١١١١٠٣٧٤٢٢٦٠٠١٥٠٧')
    await chat.presses('Terminer')
    const everything = await dump()
    assert.ok(everything.includes('AES-2026-000001'), 'the dump holds the dossier')
    for (const writing of writings) assert.ok(!everything.includes(writing), writing)
    for (const writing of writings) assert.ok(!office.logged.join('\n').includes(writing), writing)
    assert.ok(office.logged.length > 10, 'the log holds the turns')
  })
})

describe('a member who types a RIB in two messages', () => {
  const typedIn = async (chat: Chat) =>
    (await chat.transcript()).flatMap(({ direction, body }) => (direction === 'in' && body.text ? [body.text] : []))

  it('has both hidden when they come within a minute, and neither later', async t => {
    const office = await openOffice()
    t.after(() => office.close())
    const chat = await openChat(office, { ppr: '1000002', language: 'fr' })
    await chat.writes('mon rib : 190 170 2111103742')
    office.clock.at = new Date(office.clock.at.getTime() + 50_000)
    await chat.writes('260015 07')
    assert.deepEqual(await typedIn(chat), ['mon rib : ••••', '•••• 1507'])
    office.clock.at = new Date(office.clock.at.getTime() + 70_000)
    await chat.writes('رقمي ١٩٠ ١٧٠ ٢١١١١٠٣٧٤٢')
    await chat.writes('٢٦٠٠١٥')
    await chat.writes('٠٧ شكرا')
    assert.deepEqual((await typedIn(chat)).slice(2), ['رقمي ••••', '••••', '•••• 1507 شكرا'])
    await chat.writes('190 170 2111103742')
    office.clock.at = new Date(office.clock.at.getTime() + 61_000)
    await chat.writes('260015 07')
    assert.deepEqual((await typedIn(chat)).slice(5), ['190 170 2111103742', '260015 07'])
  })
})

describe('a member whose request has an id that reads like a RIB', () => {
  for (const alike of ['d1947904-3991-4860-9000-6280255b2c39', '21941010-7120-4238-9884-49ba626b7028']) {
    it(`is understood at every button all the same: ${alike}`, async t => {
      let isUnlucky = false
      const office = await openOffice({ newId: () => (isUnlucky ? alike : randomUUID()) })
      t.after(() => office.close())
      const chat = await openChat(office, { ppr: '1000001', language: 'fr' })
      isUnlucky = true
      await goTo(office, chat, { to: 'consent' })
      isUnlucky = false
      await goTo(office, chat, { to: 'beneficiary' })
      const draft = await office.services.drafts.openOf(chat.memberId)
      assert.equal(draft?.id, alike)
      assert.ok(draft.ribHash, 'the RIB is confirmed')
    })
  }
})
