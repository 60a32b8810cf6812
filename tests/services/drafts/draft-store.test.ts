import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { chooseMotif, type Draft } from '../../../services/drafts/draft.ts'
import { fromPage, openChat, type Chat } from '../../support/chat.ts'
import { openOffice, type Office } from '../../support/office.ts'
import { pagedPdf } from '../../support/pdfs.ts'
import { goTo } from '../../support/shortcuts.ts'

const DAY_MS = 24 * 60 * 60 * 1000

describe('the open request of a member', () => {
  let office: Office
  let chat: Chat
  before(async () => void (office = await openOffice()))
  after(() => office.close())
  beforeEach(async () => {
    await office.clear()
    chat = await openChat(office, { ppr: '1000001', language: 'fr' })
    await goTo(office, chat, { to: 'review' })
  })

  async function draft(of = chat): Promise<Draft> {
    const found = await office.services.drafts.openOf(of.memberId)
    assert.ok(found)
    return found
  }

  async function filesKept(): Promise<string[]> {
    const { rows } = await office.database.query('select id::text as id from document order by created_at')
    return rows.map(row => String(row['id']))
  }

  /** Changes the draft as a turn does that had read version `read`. */
  const store = (next: Draft, read: number) =>
    office.database.transaction(tx => {
      const { drafts } = office.services
      return drafts.make(tx, drafts.updating(next, read))
    })

  it('is nobody else’s', async () => {
    const other = await openChat(office, { ppr: '1000002', language: 'fr' })
    assert.equal(await office.services.drafts.openOf(other.memberId), undefined)
    await goTo(office, other, { to: 'motif' })
    assert.equal((await draft(other)).memberId, other.memberId)
    assert.equal((await draft()).memberId, chat.memberId)
  })

  it('rises by one version with each change, and takes none that was made on an older one', async () => {
    const read = await draft()
    await store(chooseMotif(read, 'unreimbursed'), read.version)
    assert.deepEqual([(await draft()).motif, (await draft()).version], ['unreimbursed', read.version + 1])
    await assert.rejects(store(chooseMotif(read, 'oncology'), read.version), { code: 'draft.changed' })
    assert.equal((await draft()).motif, 'unreimbursed')
  })

  it('keeps the file while another one is asked for, and the new one alone once that is accepted', async () => {
    const [first] = await filesKept()
    const { id, version } = await draft()
    await chat.sends(fromPage({ value: { v: 1, draft: id, version, step: 'review', choice: 'edit:document' } }))
    assert.deepEqual(await filesKept(), [first])
    await chat.attaches({ name: 'autre.pdf', bytes: pagedPdf(2) })
    const { document } = await draft()
    assert.equal(document?.pages, 2)
    assert.notEqual(document.id, first)
    assert.deepEqual(await filesKept(), [document.id], 'the replaced file is gone, at once')
  })

  it('is gone with its file when it is given up', async () => {
    await chat.writes('annuler')
    await chat.presses('Oui, annuler')
    assert.equal(await office.services.drafts.openOf(chat.memberId), undefined)
    assert.deepEqual(await filesKept(), [])
  })

  it('is not given up on an older version than there is', async () => {
    const read = await draft()
    const { drafts } = office.services
    const giveUp = (version: number) => office.database.transaction(tx => drafts.abandon(tx, read, version))
    await assert.rejects(giveUp(read.version - 1), { code: 'draft.changed' })
    assert.equal((await draft()).id, read.id)
  })

  it('goes with its file once nobody has touched it for long, and not before', async () => {
    const touched = (await draft()).updatedAt
    assert.equal(await office.services.drafts.expire(touched), 0)
    assert.equal((await filesKept()).length, 1)
    assert.equal(await office.services.drafts.expire(new Date(touched.getTime() + DAY_MS)), 1)
    assert.deepEqual(await filesKept(), [])
  })
})
