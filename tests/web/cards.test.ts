import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { after, before, describe, it } from 'node:test'
import type * as adaptiveCards from 'adaptivecards'
import type { Attachment } from '../../services/conversations/activity.ts'
import { readCard, spokenCard } from '../../web/chat/card/card-json.ts'
import { openChat } from '../support/chat.ts'
import type { Chat } from '../support/chat.ts'
import { openOffice } from '../support/office.ts'
import type { Office } from '../support/office.ts'
import { plainPdf } from '../support/pdfs.ts'
import { dialogWords } from '../support/web-words.ts'

// Its module for bundlers names its files without endings, which Node does not take.
const microsoft: typeof adaptiveCards = createRequire(import.meta.url)('adaptivecards/dist/adaptivecards.js')
const cardType = 'application/vnd.microsoft.card.adaptive'

describe('a member who looks at the cards of the assistant', () => {
  let office: Office
  before(async () => void (office = await openOffice()))
  after(() => office.close())

  for (const language of ['fr', 'ar'] as const) {
    it(`sees every word and button that a card carries, in ${language}`, async () => {
      const cards = await cardsOfRequest(await openChat(office, { ppr: await office.newcomer(), language }), language)
      assert.ok(cards.length >= 8, String(cards.length))
      for (const { content } of cards) {
        assert.deepEqual(missingWords(content), [])
        assert.equal(readCard(content).rtl ?? false, language === 'ar')
      }
    })

    it(`could see the same cards in any client of Adaptive Cards 1.5, in ${language}`, async () => {
      const cards = await cardsOfRequest(await openChat(office, { ppr: await office.newcomer(), language }), language)
      for (const { content } of cards) assert.deepEqual(microsoftFaults(content), [])
    })
  }
})

/** Every card from the notice to the history, open ones and closed ones. */
async function cardsOfRequest(chat: Chat, language: 'fr' | 'ar'): Promise<Attachment[]> {
  const say = (key: string) => dialogWords(language, key)
  for (const key of ['button.request', 'button.accept', 'button.confirm', 'beneficiary.child'])
    await chat.presses(say(key))
  const open = await cards(chat)
  await chat.presses(say('button.back'))
  await chat.presses(say('beneficiary.member'))
  await chat.presses(say('motif.oncology.title'))
  await chat.attaches({ name: 'dossier.pdf', bytes: plainPdf() })
  open.push(...(await cards(chat)))
  await chat.presses(say('button.submit'))
  await chat.presses(say('button.history'))
  return [...open, ...(await cards(chat))]
}

async function cards(chat: Chat): Promise<Attachment[]> {
  const bodies = (await chat.transcript()).map(({ body }) => body)
  return bodies.flatMap(({ attachments = [] }) => attachments.filter(({ contentType }) => contentType === cardType))
}

/** Texts and titles of the card that the widget's reading of it lacks. */
function missingWords(content: unknown): string[] {
  const read = JSON.stringify(readCard(content)) + spokenCard(readCard(content))
  const carried: string[] = []
  JSON.stringify(content, (key, value: unknown) => {
    if ((key === 'text' || key === 'title') && typeof value === 'string') carried.push(value)
    return value
  })
  return carried.filter(text => !read.includes(JSON.stringify(text).slice(1, -1)))
}

function microsoftFaults(content: unknown): string[] {
  const context = new microsoft.SerializationContext(microsoft.Versions.v1_5)
  new microsoft.AdaptiveCard().parse(content, context)
  const faults = Array.from({ length: context.eventCount }, (_, index) => context.getEventAt(index).message)
  // Its pattern for languages keeps a position between calls and refuses every other one.
  return faults.filter(fault => !/property "lang"/.test(fault))
}
