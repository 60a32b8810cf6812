import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser } from 'playwright-core'
import { openBrowser, openVisit, type Look } from '../support/browser.ts'
import { ensureLanguage, openChat, picture, signIn } from '../support/chat-window.ts'
import { startProduct, type Product } from '../support/product.ts'
import { mountSmallDisk, type SmallDisk } from '../support/small-disk.ts'
import { dialogWords, words } from '../support/web-words.ts'

const looks: readonly (Look & { ppr: string })[] = [
  { language: 'fr', width: 1280, height: 800, ppr: '1000001' },
  { language: 'ar', width: 360, height: 740, ppr: '1000002' },
]

describe('a member whose service has a full disk', { timeout: 180_000 }, () => {
  let disk: SmallDisk
  let product: Product
  let browser: Browser

  before(async () => {
    disk = mountSmallDisk(400)
    const dataDir = join(disk.path, 'data')
    product = await startProduct({ DATA_DIR: dataDir, DISK_LOW_MB: '150', DISK_LOW_PERCENT: '0', DISK_FULL_MB: '100' })
    browser = await openBrowser()
  })
  after(async () => {
    await browser?.close()
    await product?.stop()
    disk?.close()
  })

  async function becomes(wanted: string): Promise<void> {
    const status = async () => (await (await fetch(`${product.url}/health/ready`)).json()).status
    for (let looks = 0; (await status()) !== wanted; looks++) {
      assert.ok(looks < 200, wanted)
      await sleep(100)
    }
  }

  for (const { ppr, ...look } of looks) {
    const { language } = look
    const say = (key: string) => dialogWords(language, key)

    it(`signs in, reads, is told that what they wrote leaves by itself, and it does, in ${language}`, async () => {
      const first = await openVisit(browser, product.url, look)
      await signIn(first, ppr)
      const before = await openChat(first)
      await ensureLanguage(before, language)
      await before.chip(say('button.request'))
      await before.frame.locator('.card').last().waitFor()
      await first.close()

      disk.fill(60)
      await becomes('readOnly')
      const visit = await openVisit(browser, product.url, look)
      await signIn(visit, ppr)
      const chat = await openChat(visit)
      const accept = chat.frame
        .locator('.card')
        .last()
        .getByRole('button', { name: say('button.accept') })
      await accept.waitFor()
      await accept.click()
      await chat.frame.getByText(words(language, 'widget.storageFull')).waitFor()
      await chat.type(say('button.help'))
      await picture(visit, `full-disk-${language}`)
      disk.empty()
      await becomes('ready')
      await chat.frame
        .getByText(words(language, 'widget.storageFull'))
        .first()
        .waitFor({ state: 'detached', timeout: 30_000 })
      await chat.frame.getByText(say('rib.title')).first().waitFor()
      assert.deepEqual(visit.faults, [])
      await visit.close()
    })
  }
})
