import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  acceptNotice,
  attachDocument,
  back,
  chooseBeneficiary,
  chooseMotif,
  choosePerson,
  confirmRib,
  edit,
  forget,
  hasAnswers,
  nextStep,
  progress,
  restart,
  type Draft,
  type Step,
} from '../../../services/drafts/draft.ts'

const at = new Date('2026-11-24T10:00:00Z')
const blank: Draft = {
  id: 'draft',
  memberId: 'member',
  version: 1,
  language: 'fr',
  channel: 'webchat',
  startedAt: at,
  updatedAt: at,
}
const hash = new Uint8Array([1])
const document = { id: 'document', name: 'dossier.pdf', pages: 3 }
const [ines, yassine] = [{ id: 'ines' }, { id: 'yassine' }]

const begun = acceptNotice(blank, { version: 'v1', language: 'fr', at })
const withRib = confirmRib(begun, hash)
const forSelf = chooseBeneficiary(withRib, 'member', [])
const forOneOfTwo = chooseBeneficiary(withRib, 'child', [ines, yassine])
const forInes = choosePerson(forOneOfTwo, 'ines')
const withMotif = chooseMotif(forInes, 'oncology')
const complete = attachDocument(withMotif, document)

describe('a request is asked for answer by answer', () => {
  const asked: [when: string, draft: Draft, step: Step][] = [
    ['nothing is given', blank, 'consent'],
    ['the notice is accepted', begun, 'rib'],
    ['the RIB is confirmed', withRib, 'beneficiary'],
    ['it is for oneself', forSelf, 'motif'],
    ['it is for the only spouse on file', chooseBeneficiary(withRib, 'spouse', [{ id: 'nadia' }]), 'motif'],
    ['it is for one of two children', forOneOfTwo, 'person'],
    ['the child is named', forInes, 'motif'],
    ['the motif is chosen', withMotif, 'document'],
    ['the document is there', complete, 'review'],
    ['an answer is edited', edit(complete, 'motif'), 'motif'],
    ['the edited answer is given', chooseMotif(edit(complete, 'motif'), 'extraCosts'), 'review'],
    [
      'the edited beneficiary needs a person',
      chooseBeneficiary(edit(complete, 'beneficiary'), 'child', [ines, yassine]),
      'person',
    ],
    ['the register no longer bears out the RIB', forget(complete, 'rib'), 'rib'],
    ['the register no longer bears out the person', forget(complete, 'beneficiary'), 'beneficiary'],
    ['it begins anew', restart(complete), 'rib'],
  ]
  for (const [when, draft, step] of asked)
    it(`asks for « ${step} » when ${when}`, () => assert.equal(nextStep(draft), step))

  it('takes the only relative of a kind without asking, and drops the person when it is for oneself', () => {
    assert.equal(chooseBeneficiary(withRib, 'spouse', [{ id: 'nadia' }]).relativeId, 'nadia')
    assert.equal(chooseBeneficiary(complete, 'member', []).relativeId, undefined)
  })

  it('keeps every other answer when one is edited, forgotten or replaced', () => {
    const changed = attachDocument(edit(complete, 'document'), { ...document, id: 'another' })
    assert.deepEqual(changed, { ...complete, document: { ...document, id: 'another' } })
    assert.deepEqual(confirmRib(forget(complete, 'rib'), hash), complete)
  })

  it('keeps nothing but the consent when it begins anew', () => {
    assert.deepEqual(restart(edit(complete, 'motif')), begun)
    assert.deepEqual([hasAnswers(blank), hasAnswers(begun), hasAnswers(withRib)], [false, false, true])
    assert.equal(hasAnswers(forget(complete, 'rib')), true)
  })
})

describe('a member goes one step back', () => {
  const steps: [from: string, draft: Draft, to: Draft | undefined][] = [
    ['the notice', blank, undefined],
    ['the RIB', begun, undefined],
    ['the beneficiary', withRib, begun],
    ['the person', forOneOfTwo, withRib],
    ['the motif, for one of two children', forInes, forOneOfTwo],
    ['the document', withMotif, forInes],
    ['the review', complete, edit(complete, 'document')],
    ['an answer being edited', edit(complete, 'rib'), complete],
  ]
  for (const [from, draft, to] of steps)
    it(`from ${from} ${to ? `to « ${nextStep(to)} »` : 'nowhere'}`, () => assert.deepEqual(back(draft, true), to))

  it('from the motif to the beneficiary where nobody was asked for', () => {
    assert.deepEqual(back(forSelf, false), withRib)
    assert.deepEqual(back(chooseBeneficiary(withRib, 'spouse', [{ id: 'nadia' }]), false), withRib)
  })
})

describe('a member sees how far they are', () => {
  it('among six steps for oneself, seven where a person is asked for', () => {
    assert.deepEqual(progress(blank, false), { index: 1, total: 6 })
    assert.deepEqual(progress(forSelf, false), { index: 4, total: 6 })
    assert.deepEqual(progress(complete, false), { index: 6, total: 6 })
    assert.deepEqual(progress(forOneOfTwo, true), { index: 4, total: 7 })
    assert.deepEqual(progress(complete, true), { index: 7, total: 7 })
  })
})
