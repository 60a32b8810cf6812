import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { openBrowser, openVisit } from '../support/browser.ts'
import { ensureLanguage, openChat, picture, signIn } from '../support/chat-window.ts'
import { startProduct } from '../support/product.ts'
import type { Product } from '../support/product.ts'
import { dialogWords, words } from '../support/web-words.ts'

/** Each brings a message, its answer and the question again: together more than the sixty that a chat opens with. */
const QUESTIONS = 22

describe('a member who has talked for long', () => {
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

  for (const [language, ppr] of [
    ['fr', '1000001'],
    ['ar', '1000002'],
  ] as const) {
    it(`reads what was said at the beginning, on demand, in ${language}`, async () => {
      const visit = await openVisit(browser, product.url, { language, width: 390, height: 780 })
      await signIn(visit, ppr)
      const chat = await openChat(visit)
      await ensureLanguage(chat, language)
      const greeting = await chat.frame.locator('article.message--bot').first().innerText()
      await chat.chip(dialogWords(language, 'button.request'))
      for (let asked = 0; asked < QUESTIONS; asked++) await chat.chip(dialogWords(language, 'button.help'))

      await visit.page.reload()
      const again = await openChat(visit)
      const earlier = again.frame.getByRole('button', { name: words(language, 'widget.earlier') })
      await earlier.waitFor({ state: 'attached' })
      assert.equal(await again.frame.getByText(greeting, { exact: true }).count(), 0)
      await again.asked(dialogWords(language, 'consent.title'))
      await earlier.click()
      await again.frame.getByText(greeting, { exact: true }).first().waitFor({ state: 'attached' })
      await earlier.waitFor({ state: 'detached' })
      await picture(visit, 'earlier-1-shown')
      assert.equal(await again.frame.locator('article.message').first().innerText(), greeting)
      await again.asked(dialogWords(language, 'consent.title'))
      assert.deepEqual(visit.faults, [])
      await visit.close()
    })
  }
})
