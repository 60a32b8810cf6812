import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { openBrowser, openVisit } from '../support/browser.ts'
import type { Look } from '../support/browser.ts'
import { openChat, picture, signIn } from '../support/chat-window.ts'
import { startProduct } from '../support/product.ts'
import type { Product } from '../support/product.ts'
import { words } from '../support/web-words.ts'

const looks: readonly (Look & { ppr: string; other: string })[] = [
  { language: 'fr', width: 360, height: 740, ppr: '1000001', other: '1000002' },
  { language: 'ar', width: 360, height: 740, ppr: '1000005', other: '1000003' },
]

describe('a member who leaves a shared computer', () => {
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

  for (const { ppr, other, ...look } of looks) {
    const { language } = look
    const say = (key: Parameters<typeof words>[1]) => words(language, key)

    it(`is told that signing out failed, and is signed out in the end, after a reload too, in ${language}`, async () => {
      const visit = await openVisit(browser, product.url, look)
      const { page, context } = visit
      await signIn(visit, ppr)
      await page.route('**/signout', route => route.fulfill({ status: 503 }))
      await page.getByRole('button', { name: say('button.signOut') }).click()
      await page.getByText(say('signOut.failed')).waitFor()
      assert.equal(await page.locator('.hero, moussaada-launcher, form').count(), 0)
      await picture(visit, `sign-out-failed-${language}`)
      await page.reload()
      await page.getByText(say('signOut.failed')).waitFor()
      assert.equal(await page.locator('.hero, moussaada-launcher, form').count(), 0)
      await context.setOffline(true)
      await page.unroute('**/signout')
      await context.setOffline(false)
      await page.locator('#ppr').waitFor()
      await page.reload()
      await page.locator('#ppr').waitFor()
      assert.equal(await page.locator('.hero').count(), 0)
      await visit.close()
    })

    it(`leaves nothing in the other tabs, also when somebody else signs in, in ${language}`, async () => {
      const visit = await openVisit(browser, product.url, look)
      const { page, context } = visit
      await signIn(visit, ppr)
      const welcome = await page.locator('.hero__hello').innerText()
      const portal = await context.newPage()
      await portal.goto(product.url)
      const chat = await openChat({ ...visit, page: portal })
      const alone = await context.newPage()
      await alone.goto(`${product.url}/chat`)
      await alone.locator('article.message').first().waitFor()
      await context.route('**/activities', route => route.abort())
      await chat.type('sabah lkhir')

      await page.getByRole('button', { name: say('button.signOut') }).click()
      await portal.locator('#ppr').waitFor()
      await alone.getByText(say('signOut.signedOut')).waitFor()
      assert.equal(await portal.locator('moussaada-launcher, .hero').count(), 0)
      assert.equal(await alone.locator('article.message').count(), 0)
      await picture({ ...visit, page: alone }, `signed-out-elsewhere-${language}`)

      await context.unroute('**/activities')
      await page.locator('#ppr').waitFor()
      await signIn(visit, other)
      await portal.locator('.hero__hello').waitFor()
      assert.notEqual(await portal.locator('.hero__hello').innerText(), welcome)
      assert.equal(await alone.getByText('sabah lkhir').count(), 0)
      await visit.close()
    })

    it(`shows nothing of the conversation within five seconds when the session was ended elsewhere, in ${language}`, async () => {
      const visit = await openVisit(browser, product.url, look)
      await signIn(visit, ppr)
      const chat = await openChat(visit)
      await chat.frame.locator('article.message').first().waitFor()
      const cookie = (await visit.context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')
      const headers = { origin: product.url, cookie }
      assert.equal((await fetch(`${product.url}/signout`, { method: 'POST', headers })).status, 204)
      await chat.frame.locator('.line--out').waitFor({ timeout: 5_000 })
      assert.equal(await chat.frame.locator('article.message').first().isVisible(), false)
      await picture(visit, `ended-elsewhere-${language}`)
      await visit.close()
    })

    it(`hears that cookies are needed when the browser keeps none, in ${language}`, async () => {
      const visit = await openVisit(browser, product.url, look)
      const { page } = visit
      await page.route('**/signin', async route => {
        const { 'set-cookie': _, ...headers } = (await route.fetch()).headers()
        await visit.context.clearCookies()
        await route.fulfill({ status: 204, headers })
      })
      await page.locator('#ppr').fill(ppr)
      await page.locator('#password').fill('demo')
      await page.locator('form button[type=submit]').click()
      await page.getByText(say('signIn.cookiesNeeded')).waitFor()
      assert.equal(await page.locator('#ppr').inputValue(), ppr)
      await picture(visit, `cookies-needed-${language}`)
      await visit.close()
    })
  }
})
