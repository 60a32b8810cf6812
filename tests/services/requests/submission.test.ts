import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { demoMembers } from '../../../services/members/demo-members.ts'
import { isComplete, type Submission } from '../../../services/requests/submission.ts'
import { fromPage, openChat, type Chat } from '../../support/chat.ts'
import { linesOf } from '../../support/chat-lines.ts'
import { openOffice, type Office } from '../../support/office.ts'
import { goTo } from '../../support/shortcuts.ts'

const youssef = demoMembers[0]
assert.ok(youssef)

describe('a member submits', () => {
  let office: Office
  let chat: Chat
  before(async () => void (office = await openOffice()))
  after(() => office.close())
  beforeEach(async () => {
    await office.clear()
    chat = await openChat(office, { ppr: '1000001', language: 'fr' })
    await goTo(office, chat, { to: 'review', beneficiary: 'child' })
  })

  /** As the turn has read everything, a moment before its transaction. */
  async function readForSubmit(): Promise<Submission> {
    const draft = await office.services.drafts.openOf(chat.memberId)
    const member = await office.services.members.find(chat.memberId)
    assert.ok(draft && isComplete(draft) && member)
    return { draft, read: draft.version, member, language: 'fr', at: office.clock.at }
  }

  const reply = () => ({ conversationId: chat.id, positions: [] })
  const store = (submission: Submission) =>
    office.database.transaction(tx => office.services.submissions.store(tx, submission, reply()))
  const numbers = async () =>
    (await office.services.history.page(chat.memberId, { from: 0, count: 9 })).dossiers.map(({ number }) => number)
  const saidIn = async (one: Chat) =>
    (await one.transcript()).filter(({ direction }) => direction === 'out').map(({ body }) => linesOf(body).join('\n'))

  const changes: [what: string, change: () => Promise<unknown>][] = [
    ['the RIB changes', () => office.register([{ ...youssef, rib: '007780000411230000245621' }])],
    ['the child is taken off the register', () => office.register([{ ...youssef, relatives: [] }])],
    ['another turn changes the draft', () => office.database.query('update draft set version = version + 1')],
    ['another turn gives the draft up', () => office.database.query('delete from draft')],
  ]
  for (const [what, change] of changes)
    it(`stores nothing when ${what} between the reading and the commit`, async () => {
      const submission = await readForSubmit()
      await change()
      await assert.rejects(store(submission), { code: 'draft.changed' })
      assert.deepEqual(await numbers(), [])
      assert.equal((await office.database.query('select 1 from dossier_counter')).rows.length, 0)
    })

  it('gets one dossier out of fifty submits at once, and every other one is told to read again', async () => {
    const submission = await readForSubmit()
    const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => store(submission)))
    const numbered = outcomes.flatMap(outcome => (outcome.status === 'fulfilled' ? [outcome.value] : []))
    assert.deepEqual(numbered, ['AES-2026-000001'])
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') assert.equal(outcome.reason.code, 'draft.changed')
    assert.deepEqual(await numbers(), ['AES-2026-000001'])
  })

  it('reads the same number in every answer, however often and from however many tabs they press', async () => {
    const { draft } = await readForSubmit()
    const body = fromPage({
      value: { v: 1, draft: draft.id, version: draft.version, step: 'review', choice: 'submit' },
    })
    const elsewhere = await openChat(office, { ppr: '1000001', language: 'fr' })
    await Promise.all(Array.from({ length: 12 }, (_, index) => (index % 2 === 0 ? chat : elsewhere).sends(body)))
    assert.deepEqual(await numbers(), ['AES-2026-000001'])
    const texts = [...(await saidIn(chat)), ...(await saidIn(elsewhere))]
    assert.equal(texts.filter(text => text.startsWith('✓ Votre dossier a été créé.')).length, 1)
    assert.equal(texts.filter(text => text.startsWith('Cette demande a déjà été envoyée')).length, 11)
    for (const text of texts) assert.doesNotMatch(text, /AES-(?!2026-000001)/)
  })

  it('leaves the dossier with its history, its audit and its document, and no draft', async () => {
    const { draft } = await readForSubmit()
    await chat.presses('Terminer')
    const { rows } = await office.database.query(
      `select dossier.id, person_name, motif, status, state, kind, action, (select count(*) from draft)::int as drafts
         from dossier join document on document.id = document_id join dossier_event on dossier_event.dossier_id = dossier.id
         join audit on subject = dossier.id::text`,
    )
    assert.deepEqual(rows, [
      {
        id: draft.id,
        person_name: 'Inès El Amrani',
        motif: 'oncology',
        status: 'received',
        state: 'accepted',
        kind: 'submitted',
        action: 'dossier.submitted',
        drafts: 0,
      },
    ])
  })

  it('gets the year of Morocco, and each year counts from one', async () => {
    const submitAt = async (time: string) => {
      office.clock.at = new Date(time)
      await goTo(office, chat, { to: 'submitted' })
    }
    // A past midnight, an hour before UTC's: what the country's clocks will do in years to come may still change.
    await submitAt('2025-12-31T22:59:59.999Z')
    await submitAt('2025-12-31T23:00:00.000Z')
    await submitAt('2026-06-01T10:00:00Z')
    assert.deepEqual((await numbers()).toSorted(), ['AES-2025-000001', 'AES-2026-000001', 'AES-2026-000002'])
  })

  it('gets a longer number after the 999 999th of a year', async () => {
    await office.database.query('insert into dossier_counter (year, last) values (2026, 999998)')
    await goTo(office, chat, { to: 'submitted' })
    await goTo(office, chat, { to: 'submitted' })
    assert.deepEqual((await numbers()).toSorted(), ['AES-2026-1000000', 'AES-2026-999999'])
  })
})
