import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'node:test'
import { openArchiving, type Archiving } from './support/archiving.ts'

const MB = 1024 * 1024
let archiving: Archiving

before(async () => void (archiving = await openArchiving()))
after(() => archiving.close())
afterEach(() => archiving.forget())

describe('the foundation wants its own copy of each dossier in its library', () => {
  it('finds a small file, with the columns that it asked for and no other', async () => {
    const dossier = await archiving.desk.submit()
    assert.deepEqual(await archiving.untilArchived(dossier), [])
    archiving.assertArchived(dossier)
    const fields = Object.fromEntries(archiving.itemOf(dossier)?.fields ?? [])
    const { NumeroDossier, PPR, Motif, DateDepot, ...others } = fields
    assert.deepEqual([NumeroDossier, PPR, Motif, others], [dossier.number, dossier.ppr, 'oncology', {}])
    assert.ok(Number(new Date(String(DateDepot))) > 0)
    assert.deepEqual(archiving.emulated.asked, ['content', 'fields'])
    assert.deepEqual(await archiving.desk.row(dossier.id, 'archive'), {
      state: 'done',
      reason: null,
      attempts: 1,
      made: true,
      uploading: false,
    })
  })

  for (const size of [4 * MB, 4 * MB + 1, 5 * MB, 5 * MB + 1, 12 * MB + 345]) {
    it(`finds a file of ${size} bytes exact to the byte`, async () => {
      const dossier = await archiving.desk.submit({ size })
      assert.deepEqual(await archiving.untilArchived(dossier), [])
      archiving.assertArchived(dossier)
      const ranges = archiving.count('range')
      assert.equal(ranges, size > 4 * MB ? Math.ceil(size / (5 * MB)) : 0)
    })
  }

  it('finds one file after a second archive, and nothing is sent again', async () => {
    const dossier = await archiving.desk.submit({ size: 6 * MB })
    await archiving.untilArchived(dossier)
    await archiving.once(dossier)
    assert.equal(archiving.itemOf(dossier)?.versions, 1)
    await archiving.database.query(`update notification set state = 'pending' where dossier_id = $1`, [dossier.id])
    assert.deepEqual(await archiving.untilArchived(dossier), [])
    assert.equal(archiving.itemOf(dossier)?.versions, 1)
  })
})

describe('an operator wants to know what is not archived, and why', () => {
  it('finds a missing consent on record, and the dossier in the library once it is given', async () => {
    const dossier = await archiving.desk.submit()
    archiving.emulated.faults.plan({ kind: 'status', status: 403 }, { operation: 'content', times: 2 })
    assert.equal(await archiving.once(dossier), 'graph.refused')
    assert.equal((await archiving.desk.row(dossier.id, 'archive'))?.['reason'], 'refused:403:generalException')
    assert.deepEqual(await archiving.untilArchived(dossier), ['graph.refused'])
    archiving.assertArchived(dossier)
  })

  it('has it tried again each hour when its job has used up its tries, and told after thirty days', async () => {
    const dossier = await archiving.desk.submit()
    archiving.emulated.faults.plan({ kind: 'status', status: 403 }, { operation: 'content', times: 2 })
    await archiving.once(dossier)
    await archiving.manual.attempt('notification-catch-up', {})
    assert.deepEqual(archiving.manual.sent, [])
    archiving.desk.clock.at += 3 * 3_600_000
    await archiving.manual.attempt('notification-catch-up', {})
    assert.deepEqual(archiving.manual.sent.splice(0), [{ queue: 'dossier-archive', data: { dossier: dossier.id } }])
    archiving.desk.clock.at += 31 * 24 * 3_600_000
    assert.equal(await archiving.once(dossier), undefined)
    assert.equal((await archiving.desk.row(dossier.id, 'archive'))?.['state'], 'failed')
    assert.ok(archiving.desk.logged.some(line => line.includes('notification.given-up')))
  })

  it('finds nothing of anybody in the log', () => {
    assert.ok(archiving.desk.logged.length > 10)
    assert.doesNotMatch(archiving.desk.logged.join('\n'), /AES-|Amrani|youssef|oncology|tempauth|upload\//)
  })

  it('has nothing to do for a dossier that is gone', async () => {
    assert.equal(await archiving.once({ id: '00000000-0000-4000-8000-000000000000' }), undefined)
    assert.deepEqual(archiving.emulated.asked, [])
  })
})
