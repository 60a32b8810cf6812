import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { GraphFault, GraphOperation } from '../../../emulator/graph/faults.ts'
import { openFreshDatabase, type FreshDatabase } from '../../support/fresh-database.ts'
import { driveId, openDesk, type Desk } from './support/desk.ts'
import { createManualJobs } from './support/manual-jobs.ts'

const MB = 1024 * 1024
const settings = {
  archive: {
    driveId,
    folder: 'Aide exceptionnelle/2026',
    columns: { number: 'NumeroDossier', ppr: 'PPR', submittedAt: 'DateDepot', motif: 'Motif', personName: 'Personne' },
  },
}
const manual = createManualJobs()
let fresh: FreshDatabase
let desk: Desk

before(async () => {
  fresh = await openFreshDatabase()
  desk = await openDesk({ database: fresh.database, jobs: manual.jobs, settings })
})
after(async () => {
  await desk.close()
  await fresh.close()
})
afterEach(() => {
  desk.cloud.emulated.faults.clear()
  desk.cloud.emulated.asked.length = 0
})

const once = (dossier: { id: string }) => manual.attempt('dossier-archive', { dossier: dossier.id })

/** Tries as pg-boss does, with time in between. @returns the codes of those that failed */
async function untilArchived(dossier: { id: string }): Promise<(string | undefined)[]> {
  const codes: (string | undefined)[] = []
  for (let tries = 0; tries < 8; tries++) {
    const code = await once(dossier)
    if (code === undefined) return codes
    codes.push(code)
    desk.clock.at += 60_000
  }
  return assert.fail(`not archived: ${codes.join(' ')}`)
}

const itemOf = ({ number }: { number: string }) =>
  desk.cloud.emulated.drive.items.get(`Aide exceptionnelle/2026/${number}.pdf`)

function assertArchived(dossier: { number: string; pdf: Buffer }): void {
  const item = itemOf(dossier)
  assert.ok(item?.bytes.equals(dossier.pdf), 'not the same bytes')
  assert.equal(desk.cloud.emulated.sessions.open(), 0)
}

describe('the foundation wants its own copy of each dossier in its library', () => {
  it('finds a small file, with the columns that it asked for and no other', async () => {
    const dossier = await desk.submit()
    assert.deepEqual(await untilArchived(dossier), [])
    assertArchived(dossier)
    const fields = Object.fromEntries(itemOf(dossier)?.fields ?? [])
    const { NumeroDossier, PPR, Motif, DateDepot, ...others } = fields
    assert.deepEqual([NumeroDossier, PPR, Motif, others], [dossier.number, dossier.ppr, 'oncology', {}])
    assert.ok(Number(new Date(String(DateDepot))) > 0)
    assert.deepEqual(desk.cloud.emulated.asked, ['content', 'fields'])
    assert.deepEqual(await desk.row(dossier.id, 'archive'), {
      state: 'done',
      reason: null,
      attempts: 1,
      made: true,
      uploading: false,
    })
  })

  for (const size of [4 * MB, 4 * MB + 1, 5 * MB, 5 * MB + 1, 12 * MB + 345]) {
    it(`finds a file of ${size} bytes exact to the byte`, async () => {
      const dossier = await desk.submit({ size })
      assert.deepEqual(await untilArchived(dossier), [])
      assertArchived(dossier)
      const ranges = desk.cloud.emulated.asked.filter(asked => asked === 'range').length
      assert.equal(ranges, size > 4 * MB ? Math.ceil(size / (5 * MB)) : 0)
    })
  }

  it('finds one file after a second archive, and nothing is sent again', async () => {
    const dossier = await desk.submit({ size: 6 * MB })
    await untilArchived(dossier)
    await once(dossier)
    assert.equal(itemOf(dossier)?.versions, 1)
    await fresh.database.query(`update notification set state = 'pending' where dossier_id = $1`, [dossier.id])
    assert.deepEqual(await untilArchived(dossier), [])
    assert.equal(itemOf(dossier)?.versions, 1)
  })
})

const faults: [
  what: string,
  operation: GraphOperation,
  fault: GraphFault,
  expected: { ranges?: number; tries?: number },
][] = [
  ['answers 429', 'session', { kind: 'status', status: 429, retryAfterSeconds: 20 }, { tries: 1 }],
  ['is away when the session is asked for', 'session', { kind: 'status', status: 503 }, { tries: 1 }],
  ['makes the session and loses the answer', 'session', { kind: 'reset', acted: true }, { tries: 1 }],
  ['is slow to make the session', 'session', { kind: 'slow', ms: 4000 }, { tries: 1 }],
  ['refuses a range for now', 'range', { kind: 'status', status: 503, retryAfterSeconds: 30 }, { tries: 1, ranges: 4 }],
  [
    'asks for rest at a range',
    'range',
    { kind: 'status', status: 429, retryAfterSeconds: 30 },
    { tries: 1, ranges: 4 },
  ],
  ['breaks off at a range', 'range', { kind: 'reset' }, { ranges: 4 }],
  ['takes a range and loses the answer', 'range', { kind: 'reset', acted: true }, { ranges: 3 }],
  ['keeps a part of a range', 'range', { kind: 'partial', bytes: 1_234_567 }, { ranges: 4 }],
  ['cannot say how far it is', 'progress', { kind: 'status', status: 500 }, { tries: 1 }],
  ['has no room for the columns', 'fields', { kind: 'status', status: 503 }, { tries: 1, ranges: 3 }],
  ['writes the columns and loses the answer', 'fields', { kind: 'reset', acted: true }, { tries: 1, ranges: 3 }],
]

describe('the library stumbles over a big file, and nothing is to be lost or archived twice', () => {
  for (const [what, operation, fault, { ranges = 3, tries = 0 }] of faults) {
    it(`has it whole when Graph ${what}`, async () => {
      const dossier = await desk.submit({ size: 12 * MB })
      desk.cloud.emulated.faults.plan(fault, { operation })
      const failed = await untilArchived(dossier)
      assert.equal(failed.length, tries, failed.join())
      assert.ok(itemOf(dossier)?.bytes.equals(dossier.pdf), 'not the same bytes')
      assert.equal(itemOf(dossier)?.versions, 1)
      assert.equal(desk.cloud.emulated.asked.filter(asked => asked === 'range').length, ranges)
      desk.cloud.emulated.sessions.expire()
    })
  }

  it('has it whole when the last range is taken and its answer lost', async () => {
    const dossier = await desk.submit({ size: 5 * MB })
    desk.cloud.emulated.faults.plan({ kind: 'reset', acted: true }, { operation: 'range' })
    assert.equal((await untilArchived(dossier)).length, 1)
    assert.deepEqual([itemOf(dossier)?.versions, itemOf(dossier)?.fields.get('PPR')], [1, dossier.ppr])
  })

  it('has a small file once when it is taken and the answer lost', async () => {
    const dossier = await desk.submit()
    desk.cloud.emulated.faults.plan({ kind: 'status', status: 504, acted: true }, { operation: 'content' })
    assert.deepEqual(await untilArchived(dossier), ['graph.unavailable'])
    assertArchived(dossier)
    assert.equal(itemOf(dossier)?.versions, 1)
  })

  it('goes on in the same session after a crash, and begins anew in another once that has lapsed', async () => {
    const dossier = await desk.submit({ size: 12 * MB })
    desk.cloud.emulated.faults.plan({ kind: 'partial', bytes: 5 * MB }, { operation: 'range' })
    desk.cloud.emulated.faults.plan({ kind: 'status', status: 503 }, { operation: 'range' })
    assert.equal(await once(dossier), 'graph.unavailable')
    assert.deepEqual(await desk.row(dossier.id, 'archive'), {
      state: 'pending',
      reason: 'unavailable:503:serviceNotAvailable',
      attempts: 1,
      made: false,
      uploading: true,
    })
    desk.clock.at += 20_000
    assert.deepEqual(await untilArchived(dossier), [])
    assert.equal(desk.cloud.emulated.asked.filter(asked => asked === 'session').length, 1)

    const other = await desk.submit({ size: 12 * MB })
    desk.cloud.emulated.faults.plan({ kind: 'status', status: 503 }, { operation: 'range' })
    assert.equal(await once(other), 'graph.unavailable')
    desk.cloud.emulated.sessions.expire()
    desk.clock.at += 20_000
    assert.deepEqual(await untilArchived(other), [])
    assertArchived(other)
  })
})

describe('a session that the library refuses', () => {
  it('is given up for another one', async () => {
    const dossier = await desk.submit({ size: 12 * MB })
    desk.cloud.emulated.faults.plan({ kind: 'status', status: 400 }, { operation: 'range', times: 2 })
    assert.deepEqual(await untilArchived(dossier), ['graph.refused'])
    assertArchived(dossier)
    assert.equal(desk.cloud.emulated.asked.filter(asked => asked === 'session').length, 2)
  })
})

describe('an operator wants to know what is not archived, and why', () => {
  it('finds a missing consent on record, and the dossier in the library once it is given', async () => {
    const dossier = await desk.submit()
    desk.cloud.emulated.faults.plan({ kind: 'status', status: 403 }, { operation: 'content', times: 2 })
    assert.equal(await once(dossier), 'graph.refused')
    assert.equal((await desk.row(dossier.id, 'archive'))?.['reason'], 'refused:403:generalException')
    assert.deepEqual(await untilArchived(dossier), ['graph.refused'])
    assertArchived(dossier)
  })

  it('has it tried again each hour when its job has used up its tries, and told after thirty days', async () => {
    const dossier = await desk.submit()
    desk.cloud.emulated.faults.plan({ kind: 'status', status: 403 }, { operation: 'content', times: 2 })
    await once(dossier)
    await manual.attempt('notification-catch-up', {})
    assert.deepEqual(manual.sent, [])
    desk.clock.at += 3 * 3_600_000
    await manual.attempt('notification-catch-up', {})
    assert.deepEqual(manual.sent.splice(0), [{ queue: 'dossier-archive', data: { dossier: dossier.id } }])
    desk.clock.at += 31 * 24 * 3_600_000
    assert.equal(await once(dossier), undefined)
    assert.equal((await desk.row(dossier.id, 'archive'))?.['state'], 'failed')
    assert.ok(desk.logged.some(line => line.includes('notification.given-up')))
  })

  it('finds nothing of anybody in the log', () => {
    assert.ok(desk.logged.length > 10)
    assert.doesNotMatch(desk.logged.join('\n'), /AES-|Amrani|youssef|oncology|tempauth|upload\//)
  })

  it('has nothing to do for a dossier that is gone', async () => {
    assert.equal(await once({ id: '00000000-0000-4000-8000-000000000000' }), undefined)
    await sleep(0)
    assert.deepEqual(desk.cloud.emulated.asked, [])
  })
})
