import { chromium } from 'playwright-core'
import type { Browser, BrowserContext, Page } from 'playwright-core'

export type Look = {
  readonly language: 'fr' | 'ar'
  readonly width: number
  readonly height: number
  readonly colorScheme?: 'light' | 'dark'
  /** The proxy that this person's network has. */
  readonly proxy?: string
}

/** One person's browser window, and what must never happen in it. */
export interface Visit {
  readonly look: Look
  readonly context: BrowserContext
  readonly page: Page
  /** Breaches of the content security policy, requests to other hosts, scripts that broke. */
  readonly faults: readonly string[]
  close(): Promise<void>
}

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export const openBrowser = (): Promise<Browser> => chromium.launch({ executablePath: '/usr/bin/chromium', args: flags })

export async function openVisit(browser: Browser, url: string, look: Look): Promise<Visit> {
  const { width, height, colorScheme = 'light', proxy } = look
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme,
    locale: look.language,
    hasTouch: width < 500,
    // A browser speaks to this very machine without a proxy, unless told.
    ...(proxy !== undefined && { proxy: { server: proxy, bypass: '<-loopback>' } }),
  })
  const page = await context.newPage()
  const faults: string[] = []
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', event => {
      console.error(`policy breach: ${event.violatedDirective} ${event.blockedURI}`)
    })
  })
  page.on('pageerror', error => faults.push(`script: ${error.message}`))
  page.on('console', message => {
    if (/policy breach|Content Security Policy/.test(message.text())) faults.push(message.text())
  })
  context.on('request', request => {
    const { protocol, host } = new URL(request.url())
    if (protocol.startsWith('http') && host !== new URL(url).host) faults.push(`foreign request: ${request.url()}`)
  })
  page.setDefaultTimeout(15_000)
  await page.goto(`${url}/?lang=${look.language}`)
  return { look, context, page, faults, close: () => context.close() }
}
