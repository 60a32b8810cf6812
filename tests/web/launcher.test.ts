import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { openBrowser } from '../support/browser.ts'
import { chatOf } from '../support/chat-window.ts'
import { startHostSite } from '../support/host-site.ts'
import type { HostSite, TokenAnswer } from '../support/host-site.ts'
import { startProduct } from '../support/product.ts'
import type { Product } from '../support/product.ts'
import { words } from '../support/web-words.ts'

type Language = 'fr' | 'ar'

const secret = 'a-secret-of-the-portal-that-is-long-enough'
const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true } as const
const desktop = { viewport: { width: 1280, height: 800 } } as const
const html = { status: 200, type: 'text/html', body: '<!doctype html><h1>Connexion</h1>' }

describe("a member on another site's page", () => {
  let product: Product
  let browser: Browser
  let site: HostSite
  /** Not in ALLOWED_ORIGINS. */
  let stranger: HostSite

  const page = (path: string): string => {
    const { searchParams } = new URL(path, 'http://x')
    const language = searchParams.get('lang') ?? 'fr'
    const attributes = searchParams.get('signin') ? `data-sign-in-url="${searchParams.get('signin')}"` : ''
    return `<!doctype html><html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}">
      <meta name="viewport" content="width=device-width, initial-scale=1"><title>Portail</title><h1>Portail</h1>
      <script src="${product.url}/widget.js" data-token-url="/token" data-locale="${language}" ${attributes}></script>`
  }

  before(async () => {
    site = await startHostSite(page)
    stranger = await startHostSite(page)
    product = await startProduct({ ALLOWED_ORIGINS: site.origin, DIRECTLINE_SECRET: secret })
    browser = await openBrowser()
  })
  after(async () => {
    await browser.close()
    await Promise.all([product.stop(), site.close(), stranger.close()])
  })

  const realToken = async (): Promise<string> => {
    const response = await fetch(`${product.url}/v3/directline/tokens/generate`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body: JSON.stringify({ user: { id: 'dl_1000002' } }),
    })
    return await response.text()
  }

  async function visit(at: string, look: typeof phone | typeof desktop): Promise<Page> {
    const context = await browser.newContext(look)
    const opened = await context.newPage()
    opened.setDefaultTimeout(20_000)
    await opened.goto(at)
    return opened
  }

  const opener = (on: Page) => on.locator('moussaada-launcher .opener')
  const frameOf = (on: Page) => on.frameLocator('moussaada-launcher iframe')
  const focusIsOnOpener = (on: Page) =>
    on.evaluate(() => document.querySelector('moussaada-launcher')?.shadowRoot?.activeElement?.className === 'opener')
  const picture = (on: Page, name: string) => on.screenshot({ path: `tests/screenshots/launcher-${name}.png` })

  interface Trouble {
    readonly name: string
    readonly at: () => string
    readonly language: Language
    readonly look: typeof phone | typeof desktop
    readonly cause: (on: Page) => Promise<unknown>
  }
  const troubles: readonly Trouble[] = [
    {
      name: 'unreachable',
      at: () => `${site.origin}/?lang=fr`,
      language: 'fr',
      look: phone,
      cause: on => on.context().route('**/chat?*', route => route.abort('connectionrefused')),
    },
    {
      name: 'silent',
      at: () => `${site.origin}/?lang=ar`,
      language: 'ar',
      look: phone,
      cause: on => on.context().route('**/chat?*', () => undefined),
    },
    {
      name: 'not-allowed',
      at: () => `${stranger.origin}/?lang=ar`,
      language: 'ar',
      look: desktop,
      cause: async () => undefined,
    },
  ]

  it('is told within ten seconds that the chat does not open, can close it at once, and try again', async () => {
    site.tokens = realToken
    const tried = troubles.map(async ({ name, at, language, look, cause }) => {
      const on = await visit(at(), look)
      await cause(on)
      await opener(on).click()
      const close = on.getByRole('button', { name: words(language, 'portal.closeChat') })
      await close.waitFor({ timeout: 2_000 })
      await on.keyboard.press('Escape')
      await close.waitFor({ state: 'hidden' })
      assert.equal(await focusIsOnOpener(on), true, name)

      await opener(on).click()
      await on.getByRole('alert').getByText(words(language, 'widget.notOpening')).waitFor({ timeout: 12_000 })
      await picture(on, `${name}-${language}`)
      await close.click()
      await opener(on).waitFor()
      assert.equal(await focusIsOnOpener(on), true, name)
      assert.equal(new URL(on.url()).origin, new URL(at()).origin)
      return { name, on, language }
    })
    for (const { name, on, language } of await Promise.all(tried)) {
      if (name === 'unreachable') {
        await opener(on).click()
        const retry = on.getByRole('button', { name: words(language, 'widget.retry') })
        await retry.waitFor({ timeout: 15_000 })
        await on.context().unroute('**/chat?*')
        await retry.click()
        await (await chatOf(on)).frame.locator('.chip').first().waitFor()
        await retry.waitFor({ state: 'hidden' })
      }
      await on.context().close()
    }
  })

  for (const [what, tokens, language] of [
    ['fails', { status: 500, type: 'text/plain', body: 'x' }, 'fr'],
    ['gives a page', html, 'ar'],
    ['stays silent', 'silent', 'fr'],
  ] as const satisfies readonly (readonly [string, TokenAnswer, Language])[]) {
    it(`can leave a chat whose token address ${what}, and is served as soon as it works, in ${language}`, async () => {
      site.tokens = tokens
      const on = await visit(`${site.origin}/?lang=${language}`, phone)
      await opener(on).click()
      const frame = frameOf(on)
      await frame.getByText(words(language, 'widget.unavailable')).waitFor({ timeout: 12_000 })
      await picture(on, `token-${what.replaceAll(' ', '-')}-${language}`)
      await frame.getByRole('button', { name: words(language, 'portal.closeChat') }).click()
      await opener(on).waitFor()
      assert.equal(await focusIsOnOpener(on), true)
      await opener(on).click()
      await frame.getByRole('button', { name: words(language, 'widget.retry') }).press('Escape')
      await opener(on).waitFor()
      site.tokens = realToken
      await opener(on).click()
      await frame.locator('.chip').first().waitFor()
      await on.context().close()
    })
  }

  it('closes the chat by "Back" on a phone, and leaves no trace of it in the history', async () => {
    site.tokens = realToken
    const on = await visit('about:blank', phone)
    await on.goto(`${site.origin}/?lang=fr`)
    await on.evaluate(() => history.replaceState({ router: 7 }, ''))
    await opener(on).click()
    await (await chatOf(on)).frame.locator('.chip').first().waitFor()
    assert.deepEqual(await on.evaluate(() => history.state), { router: 7, moussaadaChat: true })
    await on.goBack()
    await opener(on).waitFor()
    assert.equal(on.url(), `${site.origin}/?lang=fr`)
    assert.deepEqual(await on.evaluate(() => history.state), { router: 7 })

    await opener(on).click()
    await on.keyboard.press('Escape')
    await opener(on).waitFor()
    await on.waitForFunction(() => !('moussaadaChat' in history.state))
    await on.goBack()
    assert.equal(on.url(), 'about:blank')
    await on.context().close()
  })

  it('goes through the pages of a site that draws them itself, the chat opened in between', async () => {
    site.tokens = realToken
    const on = await visit(`${site.origin}/?lang=fr`, phone)
    await on.evaluate(() => history.pushState({ router: 1 }, '', '/one'))
    await opener(on).click()
    await on.evaluate(() => history.pushState({ router: 2 }, '', '/two'))
    await on.goBack()
    assert.equal(await opener(on).isHidden(), true)
    await on.goBack()
    await opener(on).waitFor()
    assert.deepEqual(await on.evaluate(() => [location.pathname, history.state]), ['/one', { router: 1 }])
    await on.context().close()
  })

  it('on a desktop goes on using the page beside the chat, which adds nothing to its history', async () => {
    site.tokens = realToken
    const on = await visit(`${site.origin}/?lang=fr`, desktop)
    const before = await on.evaluate(() => history.length)
    await opener(on).click()
    await (await chatOf(on)).frame.locator('.chip').first().waitFor()
    assert.equal(await on.evaluate(() => history.length), before)
    await on.context().close()
  })

  async function pressSignIn(on: Page): Promise<void> {
    await opener(on).click()
    await frameOf(on)
      .getByRole('button', { name: words('fr', 'button.signIn') })
      .click()
  }

  it('who is signed out signs in as the page has it: by its own event, at its address, or else with us', async () => {
    site.tokens = { status: 401, type: 'application/json', body: '{}' }
    const own = await visit(`${site.origin}/?lang=fr&signin=/login`, phone)
    await own.evaluate(() =>
      document.addEventListener('moussaada:sign-in', event => {
        event.preventDefault()
        window.moussaada?.close()
        document.title = 'own sign-in'
      }),
    )
    await pressSignIn(own)
    await own.waitForFunction(() => document.title === 'own sign-in')
    await opener(own).waitFor()

    const address = await visit(`${site.origin}/?lang=fr&signin=/login`, desktop)
    await pressSignIn(address)
    await address.waitForURL(`${site.origin}/login`)

    const none = await visit(`${site.origin}/?lang=fr`, desktop)
    const [popup] = await Promise.all([none.waitForEvent('popup'), pressSignIn(none)])
    await popup.waitForURL(`${product.url}/?lang=fr`)
    assert.equal(none.url(), `${site.origin}/?lang=fr`)
    for (const on of [own, address, none]) await on.context().close()
  })
})
