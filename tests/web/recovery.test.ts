import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { openBrowser, openVisit } from '../support/browser.ts'
import type { Look } from '../support/browser.ts'
import { ensureLanguage, openChat, picture, signIn } from '../support/chat-window.ts'
import { startProduct } from '../support/product.ts'
import type { Product } from '../support/product.ts'
import { dialogWords, words } from '../support/web-words.ts'

const looks: readonly (Look & { ppr: string })[] = [
  { language: 'fr', width: 1280, height: 800, ppr: '1000001' },
  { language: 'ar', width: 360, height: 740, colorScheme: 'dark', ppr: '1000002' },
]

describe('a member whose line or sign-in breaks in the middle', () => {
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
    const say = (key: string) => dialogWords(language, key)

    it(`loses nothing typed or sent while the network is away, in ${language}`, async () => {
      const visit = await openVisit(browser, product.url, look)
      await signIn(visit, ppr)
      const chat = await openChat(visit)
      await ensureLanguage(chat, language)
      await chat.chip(say('button.request'))

      await visit.context.setOffline(true)
      await chat.frame.getByText(words(language, 'widget.offline')).waitFor()
      await chat.type('un')
      await chat.type('deux')
      await chat.frame.locator('textarea').fill('trois')
      assert.equal(await chat.frame.getByText(words(language, 'widget.queued')).count(), 2)
      await picture(visit, 'recovery-1-offline')

      await visit.context.setOffline(false)
      await chat.frame.locator('.send-state').first().waitFor({ state: 'detached' })
      await chat.frame.locator('.line', { hasText: words(language, 'widget.offline') }).waitFor({ state: 'detached' })
      // A message takes its place when its echo comes, a moment after the server has it.
      const said = async () =>
        (await chat.frame.locator('.message--user .bubble').allInnerTexts()).filter(text => /^(un|deux)$/.test(text))
      for (let look = 0; look < 100 && (await said())[0] !== 'un'; look++) await sleep(200)
      assert.deepEqual(await said(), ['un', 'deux'])
      assert.equal(await chat.frame.locator('textarea').inputValue(), 'trois')
      await chat.frame.locator('textarea').fill('')
      await chat.frame
        .locator('.card')
        .last()
        .getByRole('button', { name: say('button.accept') })
        .waitFor()
      await chat.answer(say('button.accept'))
      assert.deepEqual(visit.faults, [])
      await visit.close()
    })

    it(`goes on with a fresh token when the old one is refused, without a reload, in ${language}`, async () => {
      const visit = await openVisit(browser, product.url, look)
      await signIn(visit, ppr)
      const chat = await openChat(visit)
      await chat.frame.locator('.chip').first().waitFor()
      await chat.frame.evaluate(() => Object.assign(window, { stillHere: true }))

      // From now on the server refuses the token in use, as after its thirty minutes.
      let expired: string | undefined
      let refused = 0
      await visit.page.route('**/v3/directline/**', async (route, request) => {
        const token = request.headers()['authorization']
        expired ??= token
        if (token !== expired) return route.continue()
        refused += 1
        await route.fulfill({ status: 401, json: { error: { code: 'unauthorized' } } })
      })
      const before = await chat.frame.locator('article.message--bot').count()
      await chat.type(say('button.help'))
      await chat.frame.waitForFunction(
        count => document.querySelectorAll('article.message--bot').length > count,
        before,
      )
      assert.ok(refused > 0)
      const said = await chat.frame.locator('.message--user .bubble').allInnerTexts()
      assert.equal(said.filter(text => text === say('button.help')).length, 1)
      assert.equal(await chat.frame.evaluate(() => 'stillHere' in window), true)
      await visit.close()
    })

    it(`is told that the service takes nothing now and that it is tried again, which it is, in ${language}`, async () => {
      const visit = await openVisit(browser, product.url, look)
      await signIn(visit, ppr)
      const chat = await openChat(visit)
      const button = chat.card.getByRole('button').first()
      await button.waitFor()

      // As the server answers while its database is away.
      let isAway = true
      await visit.page.route('**/v3/directline/conversations/*/activities', route =>
        isAway ? route.fulfill({ status: 503, json: { error: { code: 'unavailable' } } }) : route.continue(),
      )
      const unavailable = words(language, 'widget.unavailable')
      await button.click()
      await chat.frame.locator('.card__note', { hasText: unavailable }).waitFor()
      await chat.type('encore')
      await picture(visit, 'recovery-4-unavailable')
      isAway = false
      await chat.frame.locator('.card__note', { hasText: unavailable }).waitFor({ state: 'detached' })
      await chat.frame.locator('article.message--user', { hasText: 'encore' }).last().waitFor()
      await chat.frame.locator('.send-state').first().waitFor({ state: 'detached' })
      const said = await chat.frame.locator('.message--user .bubble').allInnerTexts()
      assert.equal(said.filter(text => text === 'encore').length, 1)
      await chat.asked(say('beneficiary.ask'))
      assert.deepEqual(visit.faults, [])
      await visit.close()
    })

    it(`is asked to sign in again when the session ended, and finds the conversation, in ${language}`, async () => {
      const visit = await openVisit(browser, product.url, look)
      await signIn(visit, ppr)
      const chat = await openChat(visit)
      await chat.frame.locator('.chip').first().waitFor()
      await chat.frame.locator('textarea').fill('en cours')
      const cookies = await visit.context.cookies()
      await visit.context.clearCookies()
      await visit.page.route(
        '**/v3/directline/conversations/*/activities',
        route => route.fulfill({ status: 401, json: {} }),
        {
          times: 1,
        },
      )
      await chat.frame.locator('.header__button[aria-expanded]').click()
      await chat.frame.locator('.menu__item').first().click()
      const out = chat.frame.locator('.line--out')
      await out.getByText(words(language, 'signIn.sessionExpired')).waitFor()
      assert.equal(await chat.frame.locator('article.message').first().isVisible(), false)
      await picture(visit, 'recovery-2-signed-out')
      assert.ok(cookies.length > 0)

      await out.getByRole('button').click()
      await visit.page.locator('#ppr').waitFor()
      await picture(visit, 'recovery-3-sign-in-again')
      await visit.page.locator('#ppr').fill(ppr)
      await visit.page.locator('#password').fill('demo')
      await visit.page.locator('form button[type=submit]').click()
      await out.waitFor({ state: 'detached' })
      assert.equal(await chat.frame.locator('textarea').inputValue(), 'en cours')
      await chat.frame
        .locator('article.message--user', { hasText: say('button.help') })
        .last()
        .waitFor()
      await visit.close()
    })
  }
})
