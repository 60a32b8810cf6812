import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Frame, Page } from 'playwright-core'
import { openBrowser, openVisit } from '../support/browser.ts'
import type { Look } from '../support/browser.ts'
import { chatOf, ensureLanguage } from '../support/chat-window.ts'
import { plainPdf } from '../support/pdfs.ts'
import { startProduct } from '../support/product.ts'
import type { Product } from '../support/product.ts'
import { dialogWords, words } from '../support/web-words.ts'

const looks: readonly (Look & { ppr: string })[] = [
  { language: 'fr', width: 1280, height: 800, ppr: '1000001' },
  { language: 'ar', width: 360, height: 740, ppr: '1000002' },
]
const mostTabs = 60

describe('a member who uses only the keyboard', () => {
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
    it(`signs in, asks, attaches, submits and leaves, in ${look.language} at ${look.width} px`, async () => {
      const visit = await openVisit(browser, product.url, look)
      const { page } = visit
      const { language } = look
      const say = (key: string) => dialogWords(language, key)
      // File choosers are only intercepted from the first listener on, and that takes a moment.
      page.on('filechooser', () => undefined)
      await page.locator('form').waitFor()
      await tabTo(page, page.mainFrame(), words(language, 'signIn.pprLabel'))
      await page.keyboard.type(ppr)
      await page.keyboard.press('Tab')
      await page.keyboard.type('demo')
      await page.keyboard.press('Enter')
      await page.locator('.hero').waitFor()
      await tabTo(page, page.mainFrame(), words(language, 'portal.openChat'))
      await page.keyboard.press('Enter')

      const chat = await chatOf(page)
      await ensureLanguage(chat, language)
      const { frame } = chat
      for (const name of [
        'button.request',
        'button.accept',
        'button.confirm',
        'beneficiary.member',
        'motif.oncology.title',
      ]) {
        await pressAndFollow(page, frame, say(name))
      }
      await tabTo(page, frame, words(language, 'widget.attach'))
      const chooser = page.waitForEvent('filechooser')
      await page.keyboard.press('Enter')
      await (await chooser).setFiles({ name: 'dossier.pdf', mimeType: 'application/pdf', buffer: plainPdf() })
      await chat.asked(say('review.title'))
      assert.notEqual(await focusedName(frame), '')
      await pressAndFollow(page, frame, say('button.submit'))
      await chat.asked(say('submit.success'))

      await page.keyboard.press('Escape')
      await page.locator('moussaada-launcher .panel').waitFor({ state: 'hidden' })
      assert.equal(await focusedName(page.mainFrame()), words(language, 'portal.openChat'))
      await visit.close()
    })
  }
})

/** Presses a button of the chat and expects the focus to be on the answer afterwards, not lost. */
async function pressAndFollow(page: Page, frame: Frame, name: string): Promise<void> {
  const newest = () => frame.locator('article.message--bot').last().getAttribute('data-key')
  const before = await newest()
  await tabTo(page, frame, name)
  await page.keyboard.press('Enter')
  await frame.waitForFunction(key => {
    const bots = document.querySelectorAll('article.message--bot')
    return bots[bots.length - 1]?.getAttribute('data-key') !== key
  }, before)
  await frame.waitForFunction(() => document.activeElement?.closest('article.message--bot') !== null)
}

/** Tabs on until the element of this name has the focus. */
async function tabTo(page: Page, frame: Frame, name: string): Promise<void> {
  for (let turn = 0; turn < mostTabs; turn += 1) {
    if ((await focusedName(frame)) === name) return
    await page.keyboard.press('Tab')
  }
  assert.fail(`no way to «${name}» by Tab`)
}

/** Name of what has the focus in a frame; empty for the page itself. */
function focusedName(frame: Frame): Promise<string> {
  return frame.evaluate(() => {
    const focused = document.activeElement
    if (!(focused instanceof HTMLElement) || focused === document.body) return ''
    const label = focused instanceof HTMLInputElement ? focused.labels?.[0]?.innerText : undefined
    return (label ?? focused.getAttribute('aria-label') ?? focused.innerText).replaceAll('\u00A0', ' ').trim()
  })
}
