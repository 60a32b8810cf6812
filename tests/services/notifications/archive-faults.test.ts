import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'node:test'
import type { GraphFault, GraphOperation } from '../../../emulator/graph/faults.ts'
import { openArchiving, type Archiving } from './support/archiving.ts'

const MB = 1024 * 1024
let archiving: Archiving

before(async () => void (archiving = await openArchiving()))
after(() => archiving.close())
afterEach(() => archiving.forget())

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
  ['refuses a range for now', 'range', { kind: 'status', status: 503, retryAfterSeconds: 30 }, { tries: 1, ranges: 3 }],
  [
    'asks for rest at a range',
    'range',
    { kind: 'status', status: 429, retryAfterSeconds: 30 },
    { tries: 1, ranges: 3 },
  ],
  ['breaks off at a range', 'range', { kind: 'reset' }, { ranges: 3 }],
  ['takes a range and loses the answer', 'range', { kind: 'reset', acted: true }, { ranges: 2 }],
  ['keeps a part of a range', 'range', { kind: 'partial', bytes: 1_234_567 }, {}],
  ['cannot say how far it is', 'progress', { kind: 'status', status: 500 }, { tries: 1 }],
  ['has no room for the columns', 'fields', { kind: 'status', status: 503 }, { tries: 1, ranges: 2 }],
  ['writes the columns and loses the answer', 'fields', { kind: 'reset', acted: true }, { tries: 1, ranges: 2 }],
]

describe('the library stumbles over a big file, and nothing is to be lost or archived twice', () => {
  for (const [what, operation, fault, { ranges = 2, tries = 0 }] of faults) {
    it(`has it whole when Graph ${what}`, async () => {
      const dossier = await archiving.desk.submit({ size: 6 * MB })
      archiving.emulated.faults.plan(fault, { operation })
      const failed = await archiving.untilArchived(dossier)
      assert.equal(failed.length, tries, failed.join())
      assert.ok(archiving.itemOf(dossier)?.bytes.equals(dossier.pdf), 'not the same bytes')
      assert.equal(archiving.itemOf(dossier)?.versions, 1)
      assert.equal(archiving.count('range'), ranges)
      archiving.emulated.sessions.expire()
    })
  }

  it('has it whole when the last range is taken and its answer lost', async () => {
    const dossier = await archiving.desk.submit({ size: 5 * MB })
    archiving.emulated.faults.plan({ kind: 'reset', acted: true }, { operation: 'range' })
    assert.equal((await archiving.untilArchived(dossier)).length, 1)
    assert.deepEqual(
      [archiving.itemOf(dossier)?.versions, archiving.itemOf(dossier)?.fields.get('PPR')],
      [1, dossier.ppr],
    )
  })

  it('has a small file once when it is taken and the answer lost', async () => {
    const dossier = await archiving.desk.submit()
    archiving.emulated.faults.plan({ kind: 'status', status: 504, acted: true }, { operation: 'content' })
    assert.deepEqual(await archiving.untilArchived(dossier), ['graph.unavailable'])
    archiving.assertArchived(dossier)
    assert.equal(archiving.itemOf(dossier)?.versions, 1)
  })

  it('goes on in the same session after a crash, and begins anew in another once that has lapsed', async () => {
    const dossier = await archiving.desk.submit({ size: 6 * MB })
    archiving.emulated.faults.plan({ kind: 'partial', bytes: 5 * MB }, { operation: 'range' })
    archiving.emulated.faults.plan({ kind: 'status', status: 503 }, { operation: 'range' })
    assert.equal(await archiving.once(dossier), 'graph.unavailable')
    assert.deepEqual(await archiving.desk.row(dossier.id, 'archive'), {
      state: 'pending',
      reason: 'unavailable:503:serviceNotAvailable',
      attempts: 1,
      made: false,
      uploading: true,
    })
    archiving.desk.clock.at += 20_000
    assert.deepEqual(await archiving.untilArchived(dossier), [])
    assert.equal(archiving.count('session'), 1)

    const other = await archiving.desk.submit({ size: 6 * MB })
    archiving.emulated.faults.plan({ kind: 'status', status: 503 }, { operation: 'range' })
    assert.equal(await archiving.once(other), 'graph.unavailable')
    archiving.emulated.sessions.expire()
    archiving.desk.clock.at += 20_000
    assert.deepEqual(await archiving.untilArchived(other), [])
    archiving.assertArchived(other)
  })
})

describe('a session that the library refuses', () => {
  it('is given up for another one', async () => {
    const dossier = await archiving.desk.submit({ size: 6 * MB })
    archiving.emulated.faults.plan({ kind: 'status', status: 400 }, { operation: 'range', times: 2 })
    assert.deepEqual(await archiving.untilArchived(dossier), ['graph.refused'])
    archiving.assertArchived(dossier)
    assert.equal(archiving.count('session'), 2)
  })
})
