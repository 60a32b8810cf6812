import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { faultsIn } from './support/check-history.ts'
import type { MemberHistory, MemberStored, Stored, StoredMessage } from './support/history.ts'
import { createRandom } from './support/random.ts'
import { planRequest } from './support/requests.ts'

const ppr = '2000001'
const ok = { kind: 'ok', id: 'c|0000002' } as const
const refused = { kind: 'failed', status: 503 } as const
const unknown = { kind: 'unknown' } as const

const plan = planRequest(createRandom(1), ['spouse'], 1_000)
const dossier = {
  number: 'AES-2026-000001',
  beneficiary: plan.beneficiary,
  relative: plan.beneficiary,
  motif: plan.motif,
  file: plan.file.bytes,
}

const message = (position: number, more: Partial<StoredMessage> = {}): StoredMessage => ({
  position,
  direction: 'out',
  type: 'message',
  clientId: undefined,
  due: false,
  ...more,
})
const said = (position: number, clientId: string) => message(position, { direction: 'in', clientId })

const history: MemberHistory = {
  ppr,
  invocations: [
    { clientId: 'a', step: 'consent', outcomes: [unknown, ok] },
    { clientId: 'b', step: 'review', outcomes: [ok] },
    { clientId: 'c', step: 'menu', outcomes: [refused] },
  ],
  submitted: [{ plan, number: dossier.number }],
  shown: [1, 2, 3, 4],
  received: [1, 2, 3, 4].map(position => ({ position, content: String(position) })),
}

const own: MemberStored = {
  ppr,
  messages: [said(1, 'a'), message(2), said(3, 'b'), message(4)],
  dossiers: [dossier],
}

const stored: Stored = { members: [own], numbers: [1], broken: [], kept: ['file'], used: ['file'] }

const withOwn = (change: Partial<MemberStored>): Stored => ({ ...stored, members: [{ ...own, ...change }] })

/** What could go wrong, and the sentence that must tell it. */
const faults: readonly (readonly [string, RegExp, Stored, Partial<MemberHistory>?])[] = [
  [
    'an acknowledged answer is lost',
    /consent was acknowledged and is lost/,
    withOwn({ messages: own.messages.slice(2) }),
  ],
  ['an answer is stored twice', /stored 2 times/, withOwn({ messages: [...own.messages, said(5, 'b'), message(6)] })],
  [
    'a refused answer is stored',
    /refused and is stored/,
    withOwn({ messages: [...own.messages, said(5, 'c'), message(6)] }),
  ],
  ['somebody else wrote', /nobody sent/, withOwn({ messages: [...own.messages, said(5, 'x'), message(6)] })],
  ['answers change places', /order/, withOwn({ messages: [said(1, 'b'), message(2), said(3, 'a'), message(4)] })],
  ['an answer gets no reply', /3 has no answer/, withOwn({ messages: own.messages.slice(0, 3) }), { shown: [1, 2, 3] }],
  [
    'a turn is left',
    /still waits/,
    withOwn({ messages: own.messages.map(one => ({ ...one, due: one.position === 3 })) }),
  ],
  ['a reply never reaches the page', /not shown/, stored, { shown: [1, 2, 3] }],
  ['the page shows what is not stored', /not stored/, stored, { shown: [1, 2, 3, 4, 5] }],
  ['the page mixes up what it shows', /another order/, stored, { shown: [1, 3, 2, 4] }],
  ['a message comes twice', /came twice/, stored, { received: [...history.received, ...history.received.slice(-1)] }],
  ['a dossier is lost', /told and is lost/, withOwn({ dossiers: [] })],
  ['a dossier is doubled', /never told/, withOwn({ dossiers: [dossier, { ...dossier, number: 'AES-2026-000002' }] })],
  ['one number is told twice', /for two requests/, stored, { submitted: [...history.submitted, ...history.submitted] }],
  ['an answer is changed', /not what was answered/, withOwn({ dossiers: [{ ...dossier, motif: 'another' }] })],
  [
    'a byte is changed',
    /is another/,
    withOwn({ dossiers: [{ ...dossier, file: Buffer.concat([dossier.file, Buffer.from([0])]) }] }),
  ],
  ['a number is left out', /numbers are 2/, { ...stored, numbers: [2] }],
  ['a document cannot be opened', /cannot be opened/, { ...stored, broken: ['file'] }],
  ['a document stays that nobody needs', /left over/, { ...stored, kept: ['file', 'other'] }],
  ['a document is gone', /is gone/, { ...stored, kept: [] }],
  ['nothing is stored of a member', /nothing is stored/, { ...stored, members: [] }],
]

describe('an engineer who relies on the history of a run under faults', () => {
  it('sees nothing wrong where everything holds', () => {
    assert.deepEqual(faultsIn([history], stored), [])
  })

  it('may find what nobody knows the outcome of, or not', () => {
    const outcomes = [unknown]
    const lost = { ...history, invocations: [...history.invocations, { clientId: 'd', step: 'rib', outcomes }] }
    assert.deepEqual(faultsIn([lost], stored), [])
    const kept = withOwn({ messages: [...own.messages, said(5, 'd'), message(6)] })
    assert.deepEqual(faultsIn([{ ...lost, shown: [1, 2, 3, 4, 5, 6] }], kept), [])
  })

  for (const [what, sentence, base, change] of faults)
    it(`is told when ${what}`, () => {
      assert.match(faultsIn([{ ...history, ...change }], base).join('\n'), sentence)
    })
})
