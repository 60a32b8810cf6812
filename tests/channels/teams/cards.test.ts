import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { after, before, describe, it } from 'node:test'
import type * as Cards from 'adaptivecards'
import type { Browser } from 'playwright-core'
import { z } from 'zod'
import { signInCard } from '../../../dialogs/cards/sign-in-card.ts'
import { teamsMessage } from '../../../dialogs/cards/teams-message.ts'
import { teamsHostConfig, type Theme } from '../../../emulator/page/host-config.ts'
import { createTranslators } from '../../../locales/translator.ts'
import type { ActivityBody } from '../../../services/conversations/activity.ts'
import { steps } from '../../../services/drafts/draft.ts'
import { languages, type Language } from '../../../services/language.ts'
import { openBrowser } from '../../support/browser.ts'
import { openChat } from '../../support/chat.ts'
import { openOffice, type Office } from '../../support/office.ts'
import { goTo } from '../../support/shortcuts.ts'

const library = createRequire(import.meta.url).resolve('adaptivecards/dist/adaptivecards.js')
const { AdaptiveCard, SerializationContext, Versions } = createRequire(import.meta.url)(library) as typeof Cards

/** A directory that takes a picture of every card, for somebody to look at. */
const { PICTURES } = process.env
const view = { botName: 'Assistant FOSMEF', choose: 'Choisir' }
const content = z.looseObject({ version: z.literal('1.5'), lang: z.enum(languages), rtl: z.boolean().optional() })

function remarksOn(card: unknown): string[] {
  const context = new SerializationContext(Versions.v1_5)
  const parsed = new AdaptiveCard()
  parsed.parse(content.parse(card), context)
  const events = Array.from({ length: context.eventCount }, (_, index) => context.getEventAt(index))
  return [...events, ...parsed.validateProperties().validationEvents].map(({ message }) => message)
}

/** Every `type` that begins with `Action.`, wherever it stands. */
const actionsIn = (card: unknown) =>
  [...JSON.stringify(card).matchAll(/"type":"(Action\.\w+)"/g)].map(([, type]) => type)

describe('a member is shown cards in Teams', () => {
  let office: Office
  let browser: Browser
  before(async () => {
    office = await openOffice()
    browser = await openBrowser()
  })
  after(async () => {
    await browser.close()
    await office.close()
  })

  /** What is said on the way through a request, and how it looks once it is used. */
  async function everything(language: Language): Promise<ActivityBody[]> {
    const chat = await openChat(office, { ppr: await office.newcomer(), language, channel: 'msteams' })
    const open: ActivityBody[] = []
    const look = async () => open.push(...(await chat.transcript()).filter(isSaid).map(({ body }) => body))
    for (const to of [...steps.slice(0, -1), 'review'] as const) {
      await goTo(office, chat, { to, beneficiary: 'child' })
      await look()
    }
    await chat.writes(language === 'fr' ? 'annuler' : 'إلغاء')
    await look()
    await chat.writes(language === 'fr' ? 'non' : 'لا')
    await goTo(office, chat, { to: 'submitted' })
    await chat.writes(language === 'fr' ? 'historique' : 'سجل الطلبات')
    await look()
    return [...open, signInCard(createTranslators()[language], 'https://moussaada.example/teams/link?lang=fr#secret')]
  }
  const isSaid = ({ direction }: { direction: string }) => direction === 'out'

  /** One of each. */
  function cardsOf(bodies: readonly ActivityBody[]): unknown[] {
    const cards = bodies.flatMap(body => teamsMessage([body], view).attachments ?? []).map(one => one.content)
    const withoutIds = (card: unknown) => JSON.stringify(card).replaceAll(/[0-9a-f-]{36}|"version":\d+/g, '')
    return [...new Map(cards.map(card => [withoutIds(card), card])).values()]
  }

  for (const language of languages)
    describe(`in ${language}`, () => {
      let cards: unknown[] = []
      before(async () => void (cards = cardsOf(await everything(language))))

      it('that Adaptive Cards 1.5 reads without a remark', () => {
        assert.ok(cards.length > 15, String(cards.length))
        for (const card of cards) {
          // The library keeps a global expression for `lang`, which refuses every second one that it sees.
          const [fewest] = [remarksOn(card), remarksOn(card)].toSorted((a, b) => a.length - b.length)
          assert.deepEqual(fewest, [], JSON.stringify(card))
          assert.equal(content.parse(card).rtl ?? false, language === 'ar')
        }
      })

      it('whose buttons send an answer, and of which one alone opens a page', () => {
        const kinds = cards.flatMap(actionsIn)
        assert.equal(kinds.filter(kind => kind === 'Action.OpenUrl').length, 1)
        assert.deepEqual([...new Set(kinds)].toSorted(), ['Action.OpenUrl', 'Action.Submit'])
      })

      it('with the mask of their RIB, and no longer than Teams takes', () => {
        for (const card of cards) {
          assert.doesNotMatch(JSON.stringify(card), /⟦RIB⟧|190\s?170\s?2111/)
          assert.ok(Buffer.byteLength(JSON.stringify(card)) < 20 * 1024)
        }
      })

      for (const theme of ['light', 'dark'] as const)
        for (const width of [280, 560])
          it(`that show all of their words and buttons, ${width} pixels wide, ${theme}`, async () => {
            const faults = await draw(cards, { theme, width, name: `${language}-${theme}-${width}` })
            assert.deepEqual(faults, [])
          })
    })

  interface Drawing {
    readonly theme: Theme
    readonly width: number
    readonly name: string
  }

  /** Draws the cards with Microsoft's renderer, as Teams sets it up. @returns what cannot be read */
  async function draw(cards: readonly unknown[], { theme, width, name }: Drawing): Promise<string[]> {
    const page = await browser.newPage({ viewport: { width: width + 40, height: 900 } })
    await page.setContent('<!doctype html><body style="margin:16px"></body>')
    await page.addScriptTag({ content: await readFile(library, 'utf8') })
    const faults = await page.evaluate(render, { cards, width, config: teamsHostConfig(theme) })
    if (PICTURES) await writeFile(`${PICTURES}/${name}.png`, await page.screenshot({ fullPage: true }))
    await page.close()
    return faults
  }
})

interface Scene {
  readonly cards: readonly unknown[]
  readonly width: number
  readonly config: unknown
}

/** Runs in the browser. */
function render({ cards, width, config }: Scene): string[] {
  const { AdaptiveCard, HostConfig } = (window as unknown as { AdaptiveCards: typeof Cards }).AdaptiveCards
  return cards.flatMap((content, index) => {
    const card = new AdaptiveCard()
    card.hostConfig = new HostConfig(config)
    card.parse(content)
    const drawn = card.render()
    if (!drawn) return [`card ${index} is not drawn`]
    drawn.style.cssText += `;width:${width}px;margin-block-end:16px;border:1px solid #888;border-radius:4px`
    document.body.append(drawn)
    for (const button of drawn.querySelectorAll('button'))
      button.style.cssText += ';padding:6px 16px;white-space:nowrap'
    const parts = [...drawn.querySelectorAll<HTMLElement>('.ac-textBlock, button')]
    const unread = parts.filter(part => part.scrollWidth > part.clientWidth + 1 || part.clientHeight === 0)
    // The renderer cuts off what does not fit a row.
    const { left, right } = drawn.getBoundingClientRect()
    const outside = parts.filter(part => {
      const place = part.getBoundingClientRect()
      return place.left < left || place.right > right
    })
    return [...new Set([...unread, ...outside])].map(part => `card ${index}: ${part.textContent}`)
  })
}
