import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { reachReview } from '../support/ask-for-aid.ts'
import { openBrowser, openVisit } from '../support/browser.ts'
import type { Look, Visit } from '../support/browser.ts'
import { ensureLanguage, openChat, picture, signIn } from '../support/chat-window.ts'
import type { ChatWindow } from '../support/chat-window.ts'
import { startOfficeProxy } from '../support/office-proxy.ts'
import type { OfficeProxy, Sockets } from '../support/office-proxy.ts'
import { startProduct } from '../support/product.ts'
import type { Product } from '../support/product.ts'
import { dialogWords, words } from '../support/web-words.ts'

const offices: readonly (Look & { sockets: Sockets; ppr: string; what: string })[] = [
  { sockets: 'refuse', what: 'refuses sockets', language: 'fr', width: 1280, height: 800, ppr: '1000001' },
  { sockets: 'unanswered', what: 'never answers a socket', language: 'ar', width: 360, height: 740, ppr: '1000002' },
  { sockets: 'silent', what: 'lets nothing through a socket', language: 'fr', width: 360, height: 740, ppr: '1000005' },
]

async function until(isSo: () => boolean | Promise<boolean>, what: string, milliseconds = 60_000): Promise<void> {
  const end = Date.now() + milliseconds
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

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

/** The page keeps every sentence that it ever shows about the line. */
async function enter(proxy: OfficeProxy, look: Look & { ppr: string }): Promise<{ visit: Visit; chat: ChatWindow }> {
  const visit = await openVisit(browser, product.url, { ...look, proxy: proxy.url })
  await visit.context.addInitScript(() => {
    const said: string[] = []
    Object.assign(window, { said })
    new MutationObserver(() => {
      const text = document.querySelector<HTMLElement>('.line')?.textContent ?? ''
      if (text !== '' && said.at(-1) !== text) said.push(text)
    }).observe(document, { subtree: true, childList: true, characterData: true })
  })
  await visit.page.reload()
  await signIn(visit, look.ppr)
  const chat = await openChat(visit)
  await ensureLanguage(chat, look.language)
  return { visit, chat }
}

const saidOfLine = ({ frame }: ChatWindow) => frame.evaluate(() => (window as unknown as { said: string[] }).said)

async function isPolling(proxy: OfficeProxy): Promise<boolean> {
  const { reads } = proxy.seen
  await new Promise(resolve => setTimeout(resolve, 4_000))
  return proxy.seen.reads > reads
}

async function says(chat: ChatWindow, text: string): Promise<void> {
  const mine = async () => {
    const all = await chat.frame.locator('.message--user .bubble').allInnerTexts()
    return all.filter(shown => shown === text).length
  }
  const already = await mine()
  const before = await chat.frame.locator('article.message--bot').count()
  await chat.type(text)
  await chat.frame.waitForFunction(count => document.querySelectorAll('article.message--bot').length > count, before, {
    timeout: 30_000,
  })
  assert.equal(await mine(), already + 1)
}

describe('a member in an office whose proxy', { concurrency: true }, () => {
  for (const { sockets, what, ...look } of offices) {
    const { language } = look

    it(`${what} sends a whole request all the same, and gets a socket when there is one, in ${language}`, async () => {
      const proxy = await startOfficeProxy()
      proxy.sockets = sockets
      const { visit, chat } = await enter(proxy, look)
      await reachReview(chat, language)
      await picture(visit, `networks-${sockets}`)
      await chat.card.getByRole('button', { name: dialogWords(language, 'button.submit') }).click()
      await chat.asked(dialogWords(language, 'submit.success'))
      assert.equal(await isPolling(proxy), true)

      proxy.sockets = 'open'
      await until(async () => !(await isPolling(proxy)), 'a socket instead of polling')
      const before = proxy.seen.reads
      await says(chat, dialogWords(language, 'button.help'))
      const keys = await chat.frame
        .locator('article.message')
        .evaluateAll(all => all.map(message => message.getAttribute('data-key')))
      assert.equal(new Set(keys).size, keys.length)
      assert.equal(proxy.seen.reads, before)
      const said = await saidOfLine(chat)
      assert.equal(said.includes(words(language, 'widget.unavailable')), false, said.join())
      assert.deepEqual(visit.faults, [])
      await visit.close()
      await proxy.close()
    })
  }
})

describe('a member on a network that', () => {
  let proxy: OfficeProxy
  before(async () => (proxy = await startOfficeProxy()))
  after(() => proxy.close())

  it('ends on their own machine is streamed to by whichever of its names they came by', async () => {
    for (const [name, language] of [
      ['127.0.0.1', 'fr'],
      ['localhost', 'ar'],
    ] as const) {
      const look = { language, width: 1280, height: 800 } as const
      const visit = await openVisit(browser, product.url.replace('localhost', name), look)
      const streamed = visit.page.waitForEvent('websocket')
      await signIn(visit, '1000001')
      const chat = await openChat(visit)
      await ensureLanguage(chat, language)
      const socket = await streamed
      assert.equal(new URL(socket.url()).hostname, name)
      assert.deepEqual(visit.faults, [])
      await visit.close()
    }
  })

  it('lets an open socket die in silence reads the answer all the same, and soon', async () => {
    proxy.sockets = 'open'
    const { visit, chat } = await enter(proxy, { language: 'fr', width: 1280, height: 800, ppr: '1000001' })
    assert.equal(await isPolling(proxy), false)
    proxy.hush()
    proxy.sockets = 'refuse'
    await says(chat, dialogWords('fr', 'button.help'))
    const said = await saidOfLine(chat)
    assert.equal(said.includes(words('fr', 'widget.unavailable')), false, said.join())
    assert.equal(await isPolling(proxy), true)
    await visit.close()
  })

  it('takes a message and never answers is told so, and the message arrives once', async () => {
    proxy.sockets = 'open'
    const { visit, chat } = await enter(proxy, { language: 'ar', width: 360, height: 740, ppr: '1000002' })
    proxy.unanswered = /\/activities$/
    const mine = 'هل من جديد'
    await chat.type(mine)
    await chat.frame.locator('.send-state', { hasText: words('ar', 'widget.slow') }).waitFor({ timeout: 30_000 })
    await picture(visit, 'networks-unanswered-message')
    proxy.unanswered = undefined
    await chat.frame.locator('.send-state').first().waitFor({ state: 'detached', timeout: 60_000 })
    const shown = await chat.frame.locator('.message--user .bubble').allInnerTexts()
    assert.equal(shown.filter(text => text === mine).length, 1)
    await visit.close()
  })
})
