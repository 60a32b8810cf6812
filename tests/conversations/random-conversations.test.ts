import assert from 'node:assert/strict'
import fc from 'fast-check'
import { after, before, describe, it } from 'node:test'
import { steps, type Draft } from '../../services/drafts/draft.ts'
import { languages } from '../../services/language.ts'
import { cardButtonsOf, chipsOf, linesOf, type Button } from '../support/chat-lines.ts'
import { assertLanguages, assertOneQuestion } from '../support/chat-rules.ts'
import { fromPage, openChat, type Chat } from '../support/chat.ts'
import { fileOf } from '../support/named-files.ts'
import { fullOr } from '../support/full-numbers.ts'
import { openOffice, type Office } from '../support/office.ts'
import { goTo } from '../support/shortcuts.ts'

/** What anybody may do at any moment, in either language. */
const words = [
  ...['demander', 'oui', 'non', "j'accepte", "je n'accepte pas", 'pour moi', 'mon fils', 'Inès', 'cancer', 'surcoût'],
  ...['terminer', 'modifier le motif', 'retour', 'annuler', 'recommencer', 'continuer', 'aide', 'historique', 'merci'],
  ...['bghit talab', 'نعم', 'لا', 'ليا', 'ولدي', 'السرطان', 'إنهاء', 'رجوع', 'إلغاء', 'مساعدة', 'العربية', 'français'],
  ...['xyz', '1', '🙂', '190170211110374226001507', 'a'.repeat(3000), "'); drop table draft; --", '<b>oui</b>'],
]
const action = fc.oneof(
  { weight: 4, arbitrary: fc.record({ press: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ pressOld: fc.nat(200) }) },
  { weight: 3, arbitrary: fc.record({ write: fc.constantFrom(...words) }) },
  { weight: 2, arbitrary: fc.record({ attach: fc.constantFrom('pdf', 'pdf', 'photo', 'damaged') }) },
  { weight: 1, arbitrary: fc.record({ command: fc.constantFrom('restart', 'back', 'agent', 'request', 'history') }) },
  { weight: 1, arbitrary: fc.record({ language: fc.constantFrom(...languages) }) },
  { weight: 1, arbitrary: fc.record({ event: fc.constant('moussaada/returned') }) },
)
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never

const begun = fc.constantFrom(undefined, ...steps, 'submitted' as const)

const receipt = /^✓ (Votre dossier a été créé|تم إحداث ملفكم بنجاح)/m
const ended = /Votre demande est annulée|aucune donnée de santé|تم إلغاء الطلب|أي معطيات صحية/

describe('a member does anything in any order', () => {
  let office: Office
  before(async () => void (office = await openOffice()))
  after(() => office.close())

  const say = async (chat: Chat) => (await chat.transcript()).filter(({ direction }) => direction === 'out')
  const textOf = async (chat: Chat) => (await say(chat)).map(({ body }) => linesOf(body).join('\n'))

  async function perform(chat: Chat, done: Action, old: readonly Button[]): Promise<void> {
    if ('press' in done) {
      const live = await chat.live()
      const button = live[done.press % Math.max(1, live.length)]
      if (button) await chat.sends(fromPage({ value: button.value }))
    } else if ('pressOld' in done) {
      const button = old[done.pressOld % Math.max(1, old.length)]
      if (button) await chat.sends(fromPage({ value: button.value }))
    } else if ('write' in done) await chat.writes(done.write)
    else if ('attach' in done) await chat.attaches({ name: 'dossier.pdf', bytes: await fileOf(done.attach) })
    else if ('language' in done)
      await chat.sends(fromPage({ value: { v: 1, command: 'language', choice: done.language } }))
    else if ('command' in done) await chat.sends(fromPage({ value: { v: 1, command: done.command } }))
    else await chat.sends({ type: 'event', name: done.event })
  }

  async function assertNothingLost(chat: Chat, before: Draft | undefined): Promise<void> {
    const { drafts, history } = office.services
    const now = await drafts.openOf(chat.memberId)
    const said = await textOf(chat)
    const { total } = await history.page(chat.memberId, { from: 0, count: 1 })
    assert.equal(said.filter(text => receipt.test(text)).length, total)
    if (!before || now?.id === before.id) return
    const became = await history.numberOf(chat.memberId, before.id)
    assert.ok(became ?? said.some(text => ended.test(text)), 'a draft is gone without a word')
  }

  for (const language of languages)
    it(`finds one question open, every answer kept and one language spoken, from ${language} on`, async () => {
      const property = fc.asyncProperty(
        begun,
        fc.array(action, { minLength: 5, maxLength: 20 }),
        async (to, actions) => {
          const chat = await openChat(office, { ppr: await office.newcomer(), language })
          if (to) await goTo(office, chat, { to, beneficiary: 'child' })
          const old: Button[] = []
          for (const done of actions) {
            old.push(...(await say(chat)).flatMap(({ body }) => [...cardButtonsOf(body), ...chipsOf(body)]))
            const before = await office.services.drafts.openOf(chat.memberId)
            const count = (await say(chat)).length
            await perform(chat, done, old)
            if (!('event' in done)) assert.ok((await say(chat)).length > count, 'a message is left unanswered')
            await assertNothingLost(chat, before)
            await assertOneQuestion(office, chat)
          }
          assertLanguages(await chat.transcript())
          assert.deepEqual(
            office.logged.filter(line => line.includes('turn.failed')),
            [],
          )
        },
      )
      await fc.assert(property, { numRuns: Number(process.env['RUNS'] ?? fullOr(200, 15)) })
    })
})
