import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Frame } from 'playwright-core'
import { reachDocument } from '../support/ask-for-aid.ts'
import { faultsInBothSchemes } from '../support/axe.ts'
import { openBrowser, openVisit } from '../support/browser.ts'
import type { Look } from '../support/browser.ts'
import { ensureLanguage, openChat, picture, signIn } from '../support/chat-window.ts'
import { plainPdf } from '../support/pdfs.ts'
import { startProduct } from '../support/product.ts'
import type { Product } from '../support/product.ts'
import { dialogWords, words } from '../support/web-words.ts'

const looks: readonly (Look & { ppr: string })[] = [
  { language: 'fr', width: 360, height: 740, ppr: '1000001' },
  { language: 'ar', width: 1280, height: 860, ppr: '1000002' },
]

describe('a member who depends on assistive technology', () => {
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
    const { language } = look

    it(`meets nothing that breaks WCAG 2.2 AA on the portal page, in ${language}`, async () => {
      const visit = await openVisit(browser, product.url, look)
      const main = visit.page.mainFrame()
      const check = checkpoint(visit)
      await visit.page.locator('form').waitFor()
      await check(main, 'a11y-sign-in')
      await visit.page.locator('form button[type=submit]').click()
      await visit.page.locator('.form__error').waitFor()
      await check(main, 'a11y-sign-in-error')
      await visit.page.locator('.link').click()
      await check(main, 'a11y-activation')
      await visit.page.locator('.link').click()
      await signIn(visit, ppr)
      await check(main, 'a11y-portal')
      await openChat(visit)
      await check(main, 'a11y-portal-open')
      await visit.close()
    })

    it(`meets nothing that breaks WCAG 2.2 AA in any state of the chat, in ${language}`, async () => {
      const visit = await openVisit(browser, product.url, look)
      const say = (key: string) => dialogWords(language, key)
      await signIn(visit, ppr)
      const chat = await openChat(visit)
      const check = checkpoint(visit)
      await ensureLanguage(chat, language)
      await check(chat.frame, 'a11y-greeting')
      await chat.chip(say('button.request'))
      await check(chat.frame, 'a11y-notice')
      await chat.frame.locator('.header__button[aria-expanded]').click()
      await check(chat.frame, 'a11y-menu')
      await visit.page.keyboard.press('Escape')
      await chat.answer(say('button.accept'))
      await check(chat.frame, 'a11y-rib')
      await chat.answer(say('button.confirm'))
      await chat.answer(say('beneficiary.member'))
      await check(chat.frame, 'a11y-motif')
      await chat.answer(say('motif.oncology.title'))
      await chat.asked(say('document.ask'))
      await chat.upload({ name: 'photo.jpg', bytes: Buffer.from('x'), type: 'image/jpeg' })
      await chat.frame.locator('.panel__refused', { hasText: 'photo.jpg' }).waitFor()
      await check(chat.frame, 'a11y-document-refused')
      await visit.context.setOffline(true)
      await chat.upload({ name: 'dossier.pdf', bytes: plainPdf() })
      await chat.frame.getByText(words(language, 'widget.offline')).waitFor()
      await check(chat.frame, 'a11y-offline')
      await visit.context.setOffline(false)
      await chat.asked(say('review.title'))
      await check(chat.frame, 'a11y-review')
      await chat.card.getByRole('button', { name: say('button.submit') }).click()
      await chat.asked(say('submit.success'))
      await check(chat.frame, 'a11y-receipt')
      await visit.close()
    })
  }

  it('hears each new message once, and nothing of the history', async () => {
    const visit = await openVisit(browser, product.url, { language: 'fr', width: 900, height: 800 })
    await signIn(visit, '1000005')
    const first = await openChat(visit)
    await reachDocument(first, 'fr')
    await visit.page.reload()
    const chat = await openChat(visit)
    const spoken = chat.frame.locator('[aria-live=polite].visually-hidden p')
    await spoken.first().waitFor()
    assert.equal(await spoken.count(), 1)
    const bots = chat.frame.locator('article.message--bot')
    const before = await bots.count()
    await chat.type(dialogWords('fr', 'button.help'))
    await chat.frame.locator('article.message--bot .card').last().waitFor()
    await spoken.nth(1).waitFor()
    assert.equal((await spoken.count()) - 1, (await bots.count()) - before)
    await visit.close()
  })
})

/** Checks a state and keeps its picture. */
function checkpoint(visit: Parameters<typeof picture>[0]) {
  return async (frame: Frame, name: string): Promise<void> => {
    assert.deepEqual(await faultsInBothSchemes(frame), [], name)
    await picture(visit, name)
  }
}
