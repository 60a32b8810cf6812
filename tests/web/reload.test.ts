import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { openBrowser, openVisit } from '../support/browser.ts'
import type { Look, Visit } from '../support/browser.ts'
import { ensureLanguage, openChat, picture, signIn } from '../support/chat-window.ts'
import type { ChatWindow } from '../support/chat-window.ts'
import { plainPdf } from '../support/pdfs.ts'
import { startProduct } from '../support/product.ts'
import type { Product } from '../support/product.ts'
import { dialogWords } from '../support/web-words.ts'

const looks: readonly (Look & { ppr: string })[] = [
  { language: 'fr', width: 1280, height: 860, ppr: '1000001' },
  { language: 'ar', width: 360, height: 740, ppr: '1000005' },
]

/** Each question, and what is done there. */
const walk: readonly (readonly [
  title: string,
  act: (chat: ChatWindow, say: (key: string) => string) => Promise<void>,
])[] = [
  ['consent.title', (chat, say) => chat.answer(say('button.accept'))],
  ['rib.title', (chat, say) => chat.answer(say('button.confirm'))],
  ['beneficiary.ask', (chat, say) => chat.answer(say('beneficiary.member'))],
  ['motif.ask', (chat, say) => chat.answer(say('motif.oncology.title'))],
  ['document.ask', chat => chat.upload({ name: 'dossier.pdf', bytes: plainPdf() })],
  ['review.title', (chat, say) => chat.answer(say('button.submit'))],
  ['submit.success', async () => undefined],
]

describe('a member whose chat is interrupted in the middle', () => {
  let product: Product
  let browser: Browser

  before(async () => {
    product = await startProduct()
    browser = await openBrowser()
  })
  after(async () => {
    await browser.close()
    await product.stop()
  })

  async function begin(look: Look, ppr: string): Promise<{ visit: Visit; chat: ChatWindow }> {
    const visit = await openVisit(browser, product.url, look)
    await signIn(visit, ppr)
    const chat = await openChat(visit)
    await ensureLanguage(chat, look.language)
    await chat.chip(dialogWords(look.language, 'button.request'))
    return { visit, chat }
  }

  for (const { ppr, ...look } of looks) {
    const say = (key: string) => dialogWords(look.language, key)

    it(`finds the question and its buttons again after a reload at every step, in ${look.language}`, async () => {
      const begun = await begin(look, ppr)
      const { visit } = begun
      let { chat } = begun
      for (const [title, act] of walk) {
        await chat.asked(say(title))
        await visit.page.reload()
        chat = await openChat(visit)
        await chat.asked(say(title))
        await act(chat, say)
      }
      assert.deepEqual(visit.faults, [])
      await visit.close()
    })

    it(`goes on where it was when the server dies and comes back, in ${look.language}`, async () => {
      const { visit, chat } = await begin(look, ppr)
      await chat.answer(say('button.accept'))
      const asked = await chat.frame.locator('.card', { hasText: say('rib.title') }).count()
      await product.restart()
      await chat.answer(say('button.confirm'))
      await chat.asked(say('beneficiary.ask'))
      await picture(visit, 'reload-1-after-restart')
      assert.equal(await chat.frame.locator('.card', { hasText: say('rib.title') }).count(), asked)
      assert.deepEqual(visit.faults, [])
      await visit.close()
    })
  }

  it('is spoken to in the language that they turn the page to, at the same step', async () => {
    const [french] = looks
    assert.ok(french)
    const { visit, chat } = await begin({ ...french, language: 'fr' }, '1000002')
    await chat.answer(dialogWords('fr', 'button.accept'))
    await chat.asked(dialogWords('fr', 'rib.title'))
    await visit.page.goto(`${product.url}/?lang=ar`)
    const turned = await openChat(visit)
    await turned.asked(dialogWords('ar', 'rib.title'))
    assert.equal(await turned.frame.locator('html').getAttribute('dir'), 'rtl')
    await picture(visit, 'reload-2-turned-page')
    // A button's choice stays, whatever the page's language, until the page itself is turned.
    await turned.frame.locator('.header__language').click()
    await turned.asked(dialogWords('fr', 'rib.title'))
    await visit.page.reload()
    const again = await openChat(visit)
    await again.asked(dialogWords('fr', 'rib.title'))
    // The card's words are the conversation's; the page's own come a moment later, in a file of their own.
    await again.frame.locator('html[lang=fr]').waitFor()
    await visit.close()
  })
})
