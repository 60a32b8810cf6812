import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { reachReview } from '../support/ask-for-aid.ts'
import { openBrowser, openVisit } from '../support/browser.ts'
import type { Look } from '../support/browser.ts'
import { ensureLanguage, openChat, picture, signIn } from '../support/chat-window.ts'
import { startProduct } from '../support/product.ts'
import type { Product } from '../support/product.ts'
import { foreignWords } from '../support/foreign-words.ts'
import { dialogWords } from '../support/web-words.ts'

const looks: readonly (Look & { ppr: string })[] = [
  { language: 'fr', width: 1280, height: 860, ppr: '1000001' },
  { language: 'ar', width: 1280, height: 860, colorScheme: 'dark', ppr: '1000002' },
  { language: 'fr', width: 360, height: 740, colorScheme: 'dark', ppr: '1000005' },
  { language: 'ar', width: 360, height: 740, ppr: '1000001' },
]
const dossierNumber = /AES-\d{4}-\d{6}/g

describe('a member who asks for the aid in a browser', () => {
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

  for (const { ppr, ...look } of looks) {
    it(`gets one dossier, in ${look.language} at ${look.width} px, whatever is pressed twice`, async () => {
      const visit = await openVisit(browser, product.url, look)
      await picture(visit, 'request-1-sign-in')
      await signIn(visit, ppr)
      await picture(visit, 'request-2-portal')
      const chat = await openChat(visit)
      await picture(visit, 'request-3-greeting')
      await ensureLanguage(chat, look.language)
      await reachReview(chat, look.language)
      await picture(visit, 'request-4-review')

      const numbersShown = async () =>
        new Set((await chat.frame.locator('.transcript').innerText()).match(dossierNumber))
      const earlier = await numbersShown()
      await chat.card.getByRole('button', { name: dialogWords(look.language, 'button.submit') }).dblclick()
      await chat.asked(dialogWords(look.language, 'submit.success'))
      await picture(visit, 'request-5-receipt')
      const [number, ...others] = [...(await numbersShown())].filter(shown => !earlier.has(shown))
      assert.ok(number)
      assert.deepEqual(others, [])

      await visit.page.reload()
      const again = await openChat(visit)
      await again.chip(dialogWords(look.language, 'button.history'))
      await picture(visit, 'request-6-history')
      assert.match(await again.card.innerText(), new RegExp(number))
      assert.deepEqual(await foreignWords(again.frame), [])
      assert.deepEqual(visit.faults, [])
      await visit.close()
    })
  }
})
