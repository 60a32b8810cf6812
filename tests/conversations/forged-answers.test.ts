import assert from 'node:assert/strict'
import fc from 'fast-check'
import { after, before, describe, it } from 'node:test'
import { questionNames } from '../../dialogs/token.ts'
import { nextStep, steps, type Draft } from '../../services/drafts/draft.ts'
import { assertOneQuestion } from '../support/chat-rules.ts'
import { fromPage, openChat } from '../support/chat.ts'
import { fullOr } from '../support/full-numbers.ts'
import { openOffice, type Office } from '../support/office.ts'
import { goTo } from '../support/shortcuts.ts'

const anything = fc.oneof(
  fc.string({ maxLength: 200 }),
  fc.constantFrom(
    '__proto__',
    'constructor',
    'toString',
    'yes',
    'confirm',
    'submit',
    'edit:motif',
    '',
    'x'.repeat(7000),
  ),
  fc.integer(),
  fc.constantFrom(null, true, [], {}, ['confirm'], { toString: 'confirm' }),
)

/** An answer as our buttons send it, with one field or more that no button ever had. */
function forgedFor(draft: Draft): fc.Arbitrary<unknown> {
  const right = { v: 1, draft: draft.id, version: draft.version, step: nextStep(draft), choice: 'confirm' }
  const otherStep = fc.constantFrom(...questionNames.filter(name => name !== right.step))
  const wrong = fc.oneof(
    fc.record({ draft: fc.oneof(fc.uuid(), anything) }),
    fc.record({
      version: fc.oneof(
        fc.integer().filter(one => one !== draft.version),
        fc.double(),
        fc.constant('1'),
      ),
    }),
    fc.record({ step: fc.oneof(otherStep, anything) }),
    fc.record({ v: fc.oneof(fc.integer({ min: 2 }), anything) }),
    fc.record({
      choice: fc.oneof(
        fc.constantFrom('__proto__', 'constructor', 'hasOwnProperty', 'edit:', 'edit:consent'),
        fc.array(fc.string()),
      ),
    }),
  )
  return fc.oneof(
    { weight: 6, arbitrary: wrong.map(one => ({ ...right, ...one })) },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 4 }).filter(one => one !== null) },
  )
}

describe('somebody sends what no button of ours sends', () => {
  let office: Office
  before(async () => void (office = await openOffice()))
  after(() => office.close())

  for (const step of steps)
    it(`changes nothing at « ${step} », and is answered`, async () => {
      const chat = await openChat(office, { ppr: await office.newcomer(), language: 'fr' })
      await goTo(office, chat, { to: step, beneficiary: 'child' })
      const { drafts, history } = office.services
      const draft = await drafts.openOf(chat.memberId)
      assert.ok(draft)
      const property = fc.asyncProperty(forgedFor(draft), async value => {
        const before = (await chat.transcript()).length
        await chat.sends(fromPage({ value }))
        assert.deepEqual(await drafts.openOf(chat.memberId), draft)
        assert.equal((await history.page(chat.memberId, { from: 0, count: 1 })).total, 0)
        assert.ok((await chat.transcript()).length > before + 1, 'a message is left unanswered')
        await assertOneQuestion(office, chat)
      })
      await fc.assert(property, { numRuns: fullOr(200, 25) })
      assert.deepEqual(
        office.logged.filter(line => line.includes('turn.failed')),
        [],
      )
    })

  it('reaches no draft but their own, though they know its id', async () => {
    const [mine, theirs] = [await office.newcomer(), await office.newcomer()]
    const victim = await openChat(office, { ppr: theirs, language: 'fr' })
    await goTo(office, victim, { to: 'review' })
    const target = await office.services.drafts.openOf(victim.memberId)
    assert.ok(target)
    const thief = await openChat(office, { ppr: mine, language: 'fr' })
    for (const at of [undefined, 'review'] as const) {
      if (at) await goTo(office, thief, { to: at })
      const value = { v: 1, draft: target.id, version: target.version, step: 'review', choice: 'submit' }
      await thief.sends(fromPage({ value }))
    }
    assert.deepEqual(await office.services.drafts.openOf(victim.memberId), target)
    await victim.presses('Terminer')
    const value = { v: 1, draft: target.id, version: target.version, step: 'review', choice: 'submit' }
    await thief.sends(fromPage({ value }))
    const said = JSON.stringify((await thief.transcript()).map(({ body }) => body))
    assert.ok(!said.includes('AES-'), 'the number of another member was told')
  })
})
