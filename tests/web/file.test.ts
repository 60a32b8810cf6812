import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { reachDocument } from '../support/ask-for-aid.ts'
import { openBrowser, openVisit } from '../support/browser.ts'
import type { Visit } from '../support/browser.ts'
import { ensureLanguage, openChat, picture, signIn } from '../support/chat-window.ts'
import type { ChatWindow } from '../support/chat-window.ts'
import { plainPdf, scanOfSize } from '../support/pdfs.ts'
import { startProduct } from '../support/product.ts'
import type { Product } from '../support/product.ts'
import { dialogWords, words } from '../support/web-words.ts'

const megabyte = 1024 * 1024

const kinds = [
  {
    name: 'IMG_0412.heic',
    begins: '\0\0\0\x24ftypheic\0\0\0\0mif1heic',
    type: '',
    sentence: 'widget.fileNotPdfPhoto',
  },
  { name: 'scan.jpg', begins: '\xff\xd8\xff\xe1Exif', type: 'image/jpeg', sentence: 'widget.fileNotPdfPhoto' },
  { name: 'lettre.docx', begins: 'PK\x03\x04[Content_Types].xml', type: '', sentence: 'widget.fileNotPdfOffice' },
  {
    name: 'dossier.zip',
    begins: 'PK\x03\x04radio.jpg',
    type: 'application/zip',
    sentence: 'widget.fileNotPdfArchive',
  },
  { name: 'notes.txt', begins: 'bonjour', type: 'text/plain', sentence: 'widget.fileNotPdf' },
] as const

describe('a member who attaches a document', () => {
  let product: Product
  let browser: Browser
  let folder: string

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'moussaada-files-'))
    await writeFile(join(folder, 'énorme.pdf'), Buffer.alloc(21 * megabyte))
    product = await startProduct()
    browser = await openBrowser()
  })
  after(async () => {
    await browser.close()
    await product.stop()
    await rm(folder, { recursive: true, force: true })
  })

  async function atDocument(ppr: string, language: 'fr' | 'ar'): Promise<{ visit: Visit; chat: ChatWindow }> {
    const visit = await openVisit(browser, product.url, { language, width: 390, height: 780 })
    await signIn(visit, ppr)
    const chat = await openChat(visit)
    await ensureLanguage(chat, language)
    await reachDocument(chat, language)
    return { visit, chat }
  }

  it('is told at once, in one sentence, what cannot be sent, and nothing is sent', async () => {
    const { visit, chat } = await atDocument('1000001', 'ar')
    const uploads: string[] = []
    visit.page.on('request', request => request.url().includes('/upload') && uploads.push(request.url()))
    const refused = chat.frame.locator('.panel__refused')
    await chat.frame.locator('input[type=file]').setInputFiles(join(folder, 'énorme.pdf'))
    await refused.filter({ hasText: 'énorme.pdf' }).waitFor()
    assert.match(await refused.innerText(), /21/)
    await picture(visit, 'file-1-too-large')
    await chat.upload({ name: 'vide.pdf', bytes: Buffer.alloc(0) })
    await refused.filter({ hasText: 'vide.pdf' }).waitFor()
    for (const { name, begins, type, sentence } of kinds) {
      await chat.upload({ name, bytes: Buffer.from(begins, 'latin1'), type })
      await refused.filter({ hasText: name }).waitFor()
      const [, end = ''] = words('ar', sentence).split('{{fileName}}')
      assert.ok((await refused.innerText()).includes(end.slice(1, 40).trim()), `${name}: ${sentence}`)
      const box = await refused.boundingBox()
      assert.ok(box && box.y >= 0 && box.y + box.height <= 780, `${name} is told where nobody sees it`)
      if (type === 'image/jpeg') await picture(visit, 'file-2-photo')
    }
    await drop(chat, ['a.pdf', 'b.pdf'])
    await refused.filter({ hasText: words('ar', 'widget.fileMultiple') }).waitFor()
    assert.deepEqual(uploads, [])
    // Whatever the browser calls it, and however it is named.
    await chat.upload({ name: 'ordonnance', bytes: plainPdf(), type: 'application/octet-stream' })
    await chat.frame.locator('.file', { hasText: 'ordonnance' }).waitFor()
    await visit.close()
  })

  it('sees the percent grow, cancels, and sends the same file again', async () => {
    const { visit, chat } = await atDocument('1000002', 'fr')
    const session = await visit.context.newCDPSession(visit.page)
    const line = { offline: false, latency: 20, downloadThroughput: -1 }
    await session.send('Network.enable')
    await session.send('Network.emulateNetworkConditions', { ...line, uploadThroughput: 250_000 })
    await chat.upload({ name: 'scan.pdf', bytes: scanOfSize(2 * megabyte, size => randomBytes(size)) })
    const file = chat.frame.locator('.file').last()
    const bar = file.locator('[role=progressbar]')
    await chat.frame.waitForFunction(() => {
      const value = Number(document.querySelector('.file [role=progressbar]')?.getAttribute('aria-valuenow'))
      return value > 0 && value < 100
    })
    assert.match(String(await bar.getAttribute('aria-valuetext')), /\d+.%/)
    await picture(visit, 'file-2-sending')
    await file.getByRole('button', { name: words('fr', 'widget.cancelUpload') }).click()
    await file.getByText(words('fr', 'widget.uploadCancelled')).waitFor()
    await picture(visit, 'file-3-cancelled')

    await session.send('Network.emulateNetworkConditions', { ...line, uploadThroughput: -1 })
    await file.getByRole('button', { name: words('fr', 'widget.retry') }).click()
    await chat.asked(dialogWords('fr', 'review.title'))
    assert.equal(await chat.frame.locator('.file').count(), 1)
    assert.deepEqual(visit.faults, [])
    await visit.close()
  })

  it('goes on with the upload when the network comes back', async () => {
    const { visit, chat } = await atDocument('1000005', 'fr')
    await visit.context.setOffline(true)
    await chat.upload({ name: 'scan.pdf', bytes: plainPdf() })
    await chat.frame.getByText(words('fr', 'widget.uploadPaused')).waitFor()
    await visit.context.setOffline(false)
    await chat.asked(dialogWords('fr', 'review.title'))
    await visit.close()
  })

  it('is told that the service takes no file now, and has it sent again by itself', async () => {
    // Who has sent nothing that counts, and is still asked.
    const visit = await openVisit(browser, product.url, { language: 'ar', width: 390, height: 780 })
    await signIn(visit, '1000001')
    const chat = await openChat(visit)
    let isAway = true
    await visit.page.route('**/uploads', route =>
      isAway ? route.fulfill({ status: 503, json: { error: { code: 'unavailable' } } }) : route.continue(),
    )
    await chat.upload({ name: 'scan.pdf', bytes: plainPdf() })
    await chat.frame.locator('.file').getByText(words('ar', 'widget.unavailable')).waitFor()
    isAway = false
    await chat.asked(dialogWords('ar', 'review.title'))
    await visit.close()
  })
})

/** Drops files with these names on the page. */
function drop({ frame }: ChatWindow, names: string[]): Promise<void> {
  return frame.evaluate(dropped => {
    const dataTransfer = new DataTransfer()
    for (const name of dropped) dataTransfer.items.add(new File(['%PDF-1.4'], name, { type: 'application/pdf' }))
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }))
  }, names)
}
