import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Frame } from 'playwright-core'
import { reachDocument } from '../support/ask-for-aid.ts'
import { openBrowser, openVisit } from '../support/browser.ts'
import { ensureLanguage, openChat, picture, signIn } from '../support/chat-window.ts'
import { plainPdf } from '../support/pdfs.ts'
import { startProduct } from '../support/product.ts'
import type { Product } from '../support/product.ts'
import { dialogWords } from '../support/web-words.ts'

/** A window of 1280 × 1024 at 400 %. */
const zoomed = { width: 320, height: 256 }

describe('a member who enlarges the page to 400 %', () => {
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
    it(`finds nothing cut and the focus never hidden, in ${language}`, async () => {
      const visit = await openVisit(browser, product.url, { language, ...zoomed })
      const main = visit.page.mainFrame()
      const say = (key: string) => dialogWords(language, key)
      await visit.page.locator('form').waitFor()
      await checkAll(main, 'sign-in')
      await signIn(visit, ppr)
      await checkAll(main, 'portal')
      const chat = await openChat(visit)
      await ensureLanguage(chat, language)
      await checkAll(chat.frame, 'greeting')
      await picture(visit, 'reflow-1-greeting')
      await reachDocument(chat, language)
      await checkAll(chat.frame, 'document')
      await picture(visit, 'reflow-2-document')
      await chat.upload({ name: 'un nom de fichier vraiment très très long sans raison.pdf', bytes: plainPdf() })
      await chat.asked(say('review.title'))
      await checkAll(chat.frame, 'review')
      await picture(visit, 'reflow-3-review')
      await visit.close()
    })
  }
})

async function checkAll(frame: Frame, state: string): Promise<void> {
  assert.deepEqual(await cutParts(frame), [], `${state}: cut at the side`)
  assert.deepEqual(await hiddenFocus(frame), [], `${state}: focus hidden`)
}

/** What sticks out of the window sideways, or makes it scroll in two directions (WCAG 1.4.10). */
function cutParts(frame: Frame): Promise<string[]> {
  return frame.evaluate(() => {
    const { clientWidth, scrollWidth } = document.documentElement
    const cut = scrollWidth > clientWidth ? [`the page is ${scrollWidth} px wide`] : []
    for (const element of document.querySelectorAll<HTMLElement>('body *')) {
      if (element.closest('.visually-hidden, .skip, [hidden], svg')) continue
      const { left, right, width } = element.getBoundingClientRect()
      if (width > 0 && (left < -1 || right > clientWidth + 1)) cut.push(element.outerHTML.slice(0, 120))
      if (element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).overflowX !== 'visible') {
        if (element.clientWidth > 0 && element.tagName !== 'TEXTAREA')
          cut.push(`clipped: ${element.outerHTML.slice(0, 120)}`)
      }
    }
    return cut
  })
}

/** Tabs once around and names what had the focus while nothing of it could be seen (WCAG 2.4.11). */
async function hiddenFocus(frame: Frame): Promise<string[]> {
  const page = frame.page()
  const hidden: string[] = []
  await frame.evaluate(() => document.body.focus())
  const count = await frame.locator('a, button, input, textarea, [tabindex="0"]').count()
  for (let turn = 0; turn < count + 2; turn += 1) {
    await page.keyboard.press('Tab')
    const fault = await frame.evaluate(() => {
      const { activeElement: focused } = document
      if (!focused || focused === document.body) return undefined
      const { left, right, top, bottom } = focused.getBoundingClientRect()
      const [from, to] = [Math.max(0, top), Math.min(innerHeight, bottom)]
      const points = [0.1, 0.5, 0.9].map(share => [(left + right) / 2, from + (to - from) * share] as const)
      const seen = points.some(([x, y]) => to > from && document.elementsFromPoint(x, y)[0] && isOf(x, y))
      function isOf(x: number, y: number): boolean {
        const hit = document.elementFromPoint(x, y)
        return hit !== null && (focused?.contains(hit) === true || hit.contains(focused))
      }
      return seen ? undefined : focused.outerHTML.slice(0, 120)
    })
    if (fault) hidden.push(fault)
  }
  return hidden
}
