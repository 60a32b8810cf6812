import { mkdir } from 'node:fs/promises'
import type { Frame, Locator, Page } from 'playwright-core'
import { words } from './web-words.ts'
import type { Visit } from './browser.ts'

/** The chat as a person meets it on the portal page: what is asked last, and how to answer it. */
export interface ChatWindow {
  readonly frame: Frame
  /** The newest card. */
  readonly card: Locator
  /** Presses a button of the newest card and waits for the next question. */
  answer(button: string | RegExp): Promise<void>
  /** Presses a proposal under the last message. */
  chip(name: string): Promise<void>
  /** Waits until the newest card says this. */
  asked(text: string | RegExp): Promise<void>
  type(text: string): Promise<void>
  upload(file: { name: string; bytes: Buffer; type?: string }): Promise<void>
}

export async function signIn({ page, look }: Visit, ppr: string): Promise<void> {
  await page.getByLabel(words(look.language, 'signIn.pprLabel')).fill(ppr)
  await page.locator('#password').fill('demo')
  await page.locator('form button[type=submit]').click()
  await page.locator('.hero').waitFor()
}

export async function openChat(visit: Visit): Promise<ChatWindow> {
  await visit.page.locator('.hero .button').click()
  return chatOf(visit.page)
}

export async function chatOf(page: Page): Promise<ChatWindow> {
  const handle = await page.locator('moussaada-launcher iframe').elementHandle()
  const frame = await handle?.contentFrame()
  if (!frame) throw new Error('the launcher opened no frame')
  return windowOn(frame)
}

/** The chat inside a frame, or as a page of its own. */
export async function windowOn(frame: Frame): Promise<ChatWindow> {
  const card = frame.locator('.card').last()
  await frame.locator('article.message').first().waitFor()
  const newestKey = () => frame.locator('article.message--bot').last().getAttribute('data-key')

  async function untilNext(before: string | null): Promise<void> {
    await frame.waitForFunction(key => {
      const bots = document.querySelectorAll('article.message--bot')
      return bots[bots.length - 1]?.getAttribute('data-key') !== key
    }, before)
  }

  return {
    frame,
    card,
    async answer(button) {
      const before = await newestKey()
      await card
        .getByRole('button', { name: button, exact: typeof button === 'string' })
        .first()
        .click()
      await untilNext(before)
    },
    async chip(name) {
      const before = await newestKey()
      await frame.locator('.chip', { hasText: name }).first().click()
      await untilNext(before)
    },
    asked: text => card.filter({ hasText: text }).waitFor(),
    async type(text) {
      await frame.locator('textarea').fill(text)
      await frame.locator('textarea').press('Enter')
    },
    upload: ({ name, bytes, type = 'application/pdf' }) =>
      frame.locator('input[type=file]').setInputFiles({ name, mimeType: type, buffer: bytes }),
  }
}

/** Waits until the assistant speaks the page's language: a conversation that is open already follows the page. */
export async function ensureLanguage({ frame }: ChatWindow, language: 'fr' | 'ar'): Promise<void> {
  await frame.locator(`html[lang=${language}]`).waitFor()
  await frame.locator('.chip').first().waitFor()
}

/** Keeps a picture for the eye, in a folder that git ignores. */
export async function picture({ page, look }: Visit, name: string): Promise<void> {
  await mkdir('tests/screenshots', { recursive: true })
  const scheme = look.colorScheme === 'dark' ? '-dark' : ''
  await page.screenshot({ path: `tests/screenshots/${look.language}-${look.width}${scheme}-${name}.png` })
}
