import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { after, before, describe, it } from 'node:test'
import type { Browser, Frame } from 'playwright-core'
import { openBrowser, openVisit } from '../support/browser.ts'
import { ensureLanguage, openChat, picture, signIn } from '../support/chat-window.ts'
import { startProduct } from '../support/product.ts'
import type { Product } from '../support/product.ts'
import { dialogWords, words } from '../support/web-words.ts'

/** Pixels between what is in view and the end of the transcript. */
const belowView = (frame: Frame): Promise<number> =>
  frame
    .locator('.transcript')
    .evaluate(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight)

describe('a member who reads a long notice on a phone', () => {
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
    it(`begins at its beginning, and stays at its end once they are there, in ${language}`, async () => {
      const visit = await openVisit(browser, product.url, { language, width: 360, height: 640 })
      await signIn(visit, ppr)
      const chat = await openChat(visit)
      await ensureLanguage(chat, language)
      await chat.chip(dialogWords(language, 'button.request'))
      await chat.asked(dialogWords(language, 'consent.title'))
      assert.ok((await belowView(chat.frame)) > 100, 'the notice is met at its beginning')

      await chat.frame.getByRole('button', { name: words(language, 'widget.toEnd') }).click()
      await sleep(500)
      assert.ok((await belowView(chat.frame)) < 48, 'it jumped back')
      await picture(visit, 'scrolling-1-end')

      await chat.frame.locator('.transcript').evaluate(box => box.scrollTo(0, 0))
      await sleep(300)
      await chat.frame.locator('.transcript').evaluate(box => box.scrollTo(0, box.scrollHeight))
      await sleep(500)
      assert.ok((await belowView(chat.frame)) < 48, 'it jumped back')
      await chat.chip(dialogWords(language, 'button.help'))
      assert.deepEqual(visit.faults, [])
      await visit.close()
    })
  }
})
