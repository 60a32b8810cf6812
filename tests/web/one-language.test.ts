import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { openBrowser, openVisit } from '../support/browser.ts'
import type { Look, Visit } from '../support/browser.ts'
import { chatOf, ensureLanguage, openChat, picture, signIn } from '../support/chat-window.ts'
import { startProduct } from '../support/product.ts'
import type { Product } from '../support/product.ts'
import { dialogWords } from '../support/web-words.ts'

const french: Look = { language: 'fr', width: 360, height: 740 }
const arabic: Look = { language: 'ar', width: 1280, height: 860 }
const spoken = (page: Page, language: 'fr' | 'ar') => page.locator(`html[lang=${language}]`).waitFor()

describe('a member reads one language, on the page and in the chat', () => {
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

  /** Files of fonts that this visitor's browser has fetched. */
  async function visitWatched(look: Look): Promise<{ visit: Visit; fonts: string[] }> {
    const fonts: string[] = []
    const visit = await openVisit(browser, product.url, look)
    visit.context.on('request', request => {
      if (request.url().endsWith('.woff2')) fonts.push(request.url())
    })
    await visit.page.reload()
    return { visit, fonts }
  }

  it('has the page follow the chat, and the chat the page, through a reload and a new sign-in', async () => {
    const visit = await openVisit(browser, product.url, french)
    const { page, context } = visit
    await signIn(visit, '1000001')
    const chat = await openChat(visit)
    await chat.type('salam, bghit ndir talab')
    await spoken(page, 'ar')
    await ensureLanguage(chat, 'ar')
    await picture(visit, 'language-followed')
    await page.reload()
    await spoken(page, 'ar')
    const other = await context.newPage()
    await other.goto(product.url)
    await spoken(other, 'ar')
    await other.close()
    const again = await openChat(visit)
    await ensureLanguage(again, 'ar')
    // On a phone the chat lies over the page's own switch.
    await page.locator('.bar__language').dispatchEvent('click')
    await spoken(page, 'fr')
    await ensureLanguage(again, 'fr')
    await again.asked(dialogWords('fr', 'consent.title'))
    assert.deepEqual(visit.faults, [])
    await visit.close()
  })

  it('is answered on another device in the language that was spoken last', async () => {
    const first = await openVisit(browser, product.url, french)
    await signIn(first, '1000005')
    const chat = await openChat(first)
    await chat.type('salam, bghit ndir talab')
    await spoken(first.page, 'ar')
    const second = await openVisit(browser, product.url, french)
    await signIn(second, '1000005')
    await openChat(second)
    await spoken(second.page, 'ar')
    await ensureLanguage(await chatOf(second.page), 'ar')
    await first.close()
    await second.close()
  })

  it('fetches Arabic letters only to read Arabic', async () => {
    const { visit, fonts } = await visitWatched(french)
    await signIn(visit, '1000002')
    const chat = await openChat(visit)
    await chat.chip(dialogWords('fr', 'button.request'))
    await chat.answer(dialogWords('fr', 'button.accept'))
    assert.ok(fonts.length > 0)
    assert.deepEqual(fonts.filter(isArabic), [])
    await chat.type('بغيت نعرف شحال غادي تعطيوني')
    await chat.frame.locator('article.message--user').last().waitFor()
    await picture(visit, 'arabic-words-in-a-french-chat')
    assert.deepEqual(fonts.filter(isArabic), [])
    await visit.close()
    const other = await visitWatched(arabic)
    await signIn(other.visit, '1000002')
    await openChat(other.visit)
    assert.notDeepEqual(other.fonts.filter(isArabic), [])
    await other.visit.close()
  })
})

const isArabic = (address: string) => address.includes('arabic')
