import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { openBrowser } from '../support/browser.ts'
import { chatOf } from '../support/chat-window.ts'
import { startProduct } from '../support/product.ts'
import type { Product } from '../support/product.ts'
import { dialogWords, words } from '../support/web-words.ts'

const secret = 'a-secret-of-the-portal-that-is-long-enough'
/** What careless style sheets do to everything on their page. */
const hostileStyles = `body * { all: unset !important; display: inline !important; font-size: 40px !important;
  direction: rtl !important; transform: rotate(3deg) !important; color: transparent !important }
  iframe { width: 10px !important } button { display: none !important }`

describe("a visitor of the foundation's own portal", () => {
  let portal: Server
  let product: Product
  let browser: Browser
  let origin = ''

  before(async () => {
    portal = createServer((request, response) => void serve(request.url ?? '/', response))
    portal.listen(0, '127.0.0.1')
    await once(portal, 'listening')
    const { port } = portal.address() as AddressInfo
    origin = `http://127.0.0.1:${port}`
    product = await startProduct({ ALLOWED_ORIGINS: origin, DIRECTLINE_SECRET: secret })
    browser = await openBrowser()
  })
  after(async () => {
    await browser.close()
    await product.stop()
    portal.close()
  })

  async function serve(path: string, response: ServerResponse): Promise<void> {
    const { type, body } = await answer(path)
    response.writeHead(200, { 'content-type': type })
    response.end(body)
  }

  async function answer(path: string): Promise<{ type: string; body: string }> {
    if (path !== '/token') {
      const script = `<script src="${product.url}/widget.js" data-token-url="/token" data-locale="fr"></script>`
      return { type: 'text/html', body: `<!doctype html><style>${hostileStyles}</style><p>Portail</p>${script}` }
    }
    const response = await fetch(`${product.url}/v3/directline/tokens/generate`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body: JSON.stringify({ user: { id: 'dl_1000001' } }),
    })
    return { type: 'application/json', body: await response.text() }
  }

  it("opens the chat whatever the portal's styles do, with a token from the portal", async () => {
    const page = await browser.newPage({ viewport: { width: 1200, height: 800 } })
    await page.goto(origin)
    const opener = page.locator('moussaada-launcher .opener')
    const box = await opener.boundingBox()
    assert.ok(box && box.width > 150 && box.height >= 44 && box.height < 80, JSON.stringify(box))
    await page.screenshot({ path: 'tests/screenshots/embedded-1-closed.png' })
    assert.equal(await page.locator('moussaada-launcher iframe').count(), 0)
    await opener.click()
    const chat = await chatOf(page)
    await chat.chip(dialogWords('fr', 'button.request'))
    await chat.answer(dialogWords('fr', 'button.accept'))
    await page.screenshot({ path: 'tests/screenshots/embedded-2-open.png' })
    const frame = await page.locator('moussaada-launcher iframe').boundingBox()
    assert.ok(frame && frame.width > 350 && frame.height > 600, JSON.stringify(frame))
    await page.close()
  })

  it('keeps the conversation and what is typed while the chat is folded, and counts what comes', async () => {
    const page = await browser.newPage({ viewport: { width: 1200, height: 800 } })
    await page.goto(origin)
    await page.locator('moussaada-launcher .opener').click()
    const chat = await chatOf(page)
    await chat.frame.locator('.chip').first().waitFor()
    await chat.frame.locator('textarea').fill('en cours')
    // The answer is to come when nobody looks.
    await page.context().setOffline(true)
    await chat.frame.locator('.header__button[aria-expanded]').click()
    await chat.frame.locator('.menu__item').first().click()
    await chat.frame.getByRole('button', { name: words('fr', 'widget.minimise') }).click()
    await page.context().setOffline(false)
    const badge = page.locator('moussaada-launcher .badge')
    await badge.waitFor()
    assert.match(String(await badge.getAttribute('aria-label')), /nouveau/)
    await page.locator('moussaada-launcher .opener').click()
    await badge.waitFor({ state: 'hidden' })
    assert.equal(await chat.frame.locator('textarea').inputValue(), 'en cours')
    await page.close()
  })

  it('is not framed by a site that nobody allowed', async () => {
    const response = await fetch(`${product.url}/chat`)
    const policy = response.headers.get('content-security-policy') ?? ''
    assert.match(policy, new RegExp(`frame-ancestors[^;]* ${origin}`))
    assert.doesNotMatch(policy, /frame-ancestors[^;]*\*/)
  })
})
