import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { createRequire } from 'node:module'
import type * as Cards from 'adaptivecards'
import { z } from 'zod'
import type { ActivityBody, StoredActivity } from '../../services/conversations/activity.ts'
import { steps } from '../../services/drafts/draft.ts'
import { languages, type Language } from '../../services/language.ts'
import { cardButtonsOf, chipsOf } from '../support/chat-lines.ts'
import { openChat } from '../support/chat.ts'
import { openOffice, type Office } from '../support/office.ts'
import { goTo } from '../support/shortcuts.ts'

// Its modules name one another without extensions, which Node does not resolve; the bundle runs.
const { AdaptiveCard, SerializationContext, TextBlock, Versions } = createRequire(import.meta.url)(
  'adaptivecards/dist/adaptivecards.js',
) as typeof Cards

/** On a phone of 360 pixels a longer title wraps more than once. */
const LONGEST_BUTTON = 56
const LONGEST_CHIP = 28

const content = z.looseObject({ type: z.literal('AdaptiveCard'), version: z.literal('1.5'), lang: z.enum(languages) })
const attachment = z.looseObject({ content, contentType: z.literal('application/vnd.microsoft.card.adaptive') })

const words = {
  fr: { aside: ['annuler', 'non', 'recommencer', 'non', 'xyz'], history: 'historique', reject: "Ce n'est pas mon RIB" },
  ar: { aside: ['إلغاء', 'لا', 'البدء من جديد', 'لا', 'xyz'], history: 'سجل الطلبات', reject: 'هذا ليس حسابي' },
}

function remarksOn(card: unknown): string[] {
  const context = new SerializationContext(Versions.v1_5)
  const parsed = new AdaptiveCard()
  parsed.parse(attachment.parse(card).content, context)
  const events = Array.from({ length: context.eventCount }, (_, index) => context.getEventAt(index))
  return [...events, ...parsed.validateProperties().validationEvents].map(({ message }) => message)
}

describe('a member is shown cards', () => {
  let office: Office
  before(async () => void (office = await openOffice()))
  after(() => office.close())

  /** What is said in conversations that meet every card, live and used. */
  async function everything(language: Language): Promise<StoredActivity[]> {
    const { aside, history, reject } = words[language]
    const chat = await openChat(office, { ppr: await office.newcomer(), language })
    await goTo(office, chat, { to: 'rib' })
    await chat.presses(reject)
    for (const to of steps.slice(2)) {
      await goTo(office, chat, { to, beneficiary: 'child' })
      for (const word of aside) await chat.writes(word)
    }
    await chat.sends({ type: 'event', name: 'moussaada/returned' })
    await chat.writes(language === 'fr' ? 'continuer' : 'متابعة')
    await goTo(office, chat, { to: 'submitted' })
    await chat.writes(history)
    const without = await openChat(office, { ppr: await office.newcomer('1000003'), language })
    await goTo(office, without, { to: 'rib' })
    return [...(await chat.transcript()), ...(await without.transcript())]
  }

  function cardsOf(said: readonly StoredActivity[]) {
    return said.flatMap(({ direction, body }) => (direction === 'out' ? (body.attachments ?? []) : []))
  }

  for (const language of languages)
    describe(`in ${language}`, () => {
      let said: StoredActivity[] = []
      before(async () => void (said = await everything(language)))
      const bodies = (): ActivityBody[] => said.filter(({ direction }) => direction === 'out').map(({ body }) => body)

      it('that Adaptive Cards 1.5 reads without a remark', () => {
        const cards = cardsOf(said).filter(({ content: shown }) => shown !== undefined)
        assert.ok(cards.length > 30)
        for (const one of cards) {
          // The library keeps a global expression for `lang`, which refuses every second one that it sees.
          const remarks = [remarksOn(one), remarksOn(one)].toSorted((a, b) => a.length - b.length)
          assert.deepEqual(remarks[0], [], JSON.stringify(one))
        }
      })

      it('that say their language and their direction', () => {
        for (const one of cardsOf(said)) {
          const { lang, rtl } = z.looseObject({ lang: z.string(), rtl: z.boolean().optional() }).parse(one.content)
          assert.deepEqual({ lang, rtl: rtl ?? false }, { lang: language, rtl: language === 'ar' })
        }
      })

      it('that begin with what they are about, as a heading', () => {
        for (const body of bodies().filter(({ inputHint }) => inputHint === 'expectingInput')) {
          const card = new AdaptiveCard()
          card.parse(attachment.parse(body.attachments?.[0]).content, new SerializationContext(Versions.v1_5))
          const first = card.getItemAt(0)
          assert.ok(first instanceof TextBlock && first.text)
          if (cardButtonsOf(body).length > 0) assert.equal(first.style, 'heading')
        }
      })

      it('whose buttons fit a phone and can be told apart when read aloud', () => {
        for (const body of bodies()) {
          const buttons = cardButtonsOf(body)
          for (const { title } of buttons) assert.ok(title !== '' && title.length <= LONGEST_BUTTON, title)
          for (const { title } of chipsOf(body)) assert.ok(title !== '' && title.length <= LONGEST_CHIP, title)
          const names = buttons.map(({ name }) => name)
          assert.equal(new Set(names).size, names.length, names.join(', '))
        }
      })
    })
})
