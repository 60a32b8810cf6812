import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { scheduleHousekeeping } from '../../services/housekeeping.ts'
import type { JobData } from '../../services/storage/jobs.ts'
import { openChat, type Chat } from '../support/chat.ts'
import { openOffice, type Office } from '../support/office.ts'
import { pieces } from '../support/pieces.ts'
import { plainPdf } from '../support/pdfs.ts'
import { goTo } from '../support/shortcuts.ts'
import { silentLog } from '../support/silent-log.ts'

const DAY_MS = 24 * 60 * 60 * 1000

describe('a member whose data are kept no longer than they are needed', () => {
  let office: Office
  let chat: Chat
  let nightly: (data: JobData) => Promise<void>

  before(async () => {
    office = await openOffice()
    const jobs = { handle: (_queue: unknown, handler: typeof nightly) => void (nightly = handler) }
    const none = { sweep: () => Promise.resolve(0) }
    const kept = { ...office.services, sessions: none, streamTickets: none, delays: none, notices: none }
    scheduleHousekeeping({ ...kept, jobs: jobs as never, log: silentLog, now: () => office.clock.at })
    chat = await openChat(office, { ppr: '1000001', language: 'fr' })
    await goTo(office, chat, { to: 'review' })
  })
  after(() => office.close())

  const letPass = (days: number): void => void (office.clock.at = new Date(office.clock.at.getTime() + days * DAY_MS))
  const files = async () => (await office.database.query('select 1 from document')).rows.length
  const draft = () => office.services.drafts.openOf(chat.memberId)

  it('has an upload that came to nothing removed after a day, and the file of their request kept', async () => {
    const owner = { dossierId: office.newId(), memberId: chat.memberId, name: 'reste.pdf' }
    await office.services.documents.receive(owner, pieces(Buffer.from(plainPdf())), 1_000_000)
    await nightly({})
    assert.equal(await files(), 2)
    letPass(2)
    await nightly({})
    assert.equal(await files(), 1)
    assert.ok((await draft())?.document)
  })

  it('has a conversation closed after a month of silence, and the request kept', async () => {
    letPass(29)
    await nightly({})
    assert.ok((await office.services.conversations.find(chat.id))?.closedAt)
    assert.ok(await draft())
  })

  it('has the request they left removed after three months, with its file', async () => {
    letPass(58)
    await nightly({})
    assert.ok(await draft(), 'not before')
    letPass(2)
    await nightly({})
    assert.deepEqual([await draft(), await files()], [undefined, 0])
  })
})
