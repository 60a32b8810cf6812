import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { demoPeople } from '../../emulator/demo-people.ts'
import type { LoopbackServer } from '../../emulator/http/loopback-server.ts'
import { startPage } from '../../emulator/page/page-server.ts'
import { startEmulator, type Emulator } from '../../emulator/start-emulator.ts'
import { createTranslators } from '../../locales/translator.ts'
import { openBrowser, openVisit, type Look, type Visit } from '../support/browser.ts'
import { chatOf, signIn } from '../support/chat-window.ts'
import { pagedPdf } from '../support/pdfs.ts'
import { startProduct, type Product } from '../support/product.ts'
import { words } from '../support/web-words.ts'

const voices = createTranslators()
const looks: readonly (Look & { ppr: string; add: string; compose: string })[] = [
  {
    language: 'fr',
    width: 1280,
    height: 900,
    ppr: '1000001',
    add: 'Ajouter l’application',
    compose: 'Tapez un message',
  },
  {
    language: 'ar',
    width: 390,
    height: 800,
    colorScheme: 'dark',
    ppr: '1000002',
    add: 'إضافة التطبيق',
    compose: 'اكتب رسالة',
  },
]
const fileNames = { fr: 'dossier médical.pdf', ar: 'ملف طبي.pdf' } as const
/** Milliseconds: of a machine that has other work. */
const PATIENCE = 120_000

interface Stage {
  readonly emulator: Emulator
  readonly product: Product
  readonly site: LoopbackServer
  readonly browser: Browser
  close(): Promise<void>
}

async function setStage(settings: Readonly<Record<string, string>> = {}): Promise<Stage> {
  await mkdir('tests/screenshots', { recursive: true })
  const emulator = await startEmulator()
  const product = await startProduct({ ...emulator.settings, ...settings })
  emulator.connector.setBotUrl(new URL('/api/messages', product.url).href)
  const site = await startPage(emulator, demoPeople)
  const browser = await openBrowser()
  return {
    emulator,
    product,
    site,
    browser,
    async close() {
      await browser.close()
      await site.close()
      await product.stop()
      await emulator.close()
    },
  }
}

/** One person's chat in Teams, as they see it. */
async function openTeams({ browser, site }: Stage, { ppr, add, compose, ...look }: (typeof looks)[number]) {
  const person = demoPeople.find(({ employeeId }) => employeeId === ppr)
  assert.ok(person)
  const visit = await openVisit(browser, site.url, look)
  const { page } = visit
  page.setDefaultTimeout(PATIENCE)
  await page.goto(`${site.url}/?person=${person.aadObjectId}`)
  const newest = page.locator('.message.bot').last()
  return {
    visit,
    page,
    newest,
    adds: () => page.getByRole('button', { name: add }).click(),
    hears: (text: string) => newest.filter({ hasText: text }).waitFor(),
    presses: (title: string) => page.locator('.bot .ac-pushButton', { hasText: title }).last().click(),
    async says(text: string) {
      await page.getByPlaceholder(compose).fill(text)
      await page.getByPlaceholder(compose).press('Enter')
    },
    sends: (name: string) =>
      page.setInputFiles('.picker', { name, mimeType: 'application/pdf', buffer: Buffer.from(pagedPdf(3)) }),
  }
}

const shot = (page: Page, { language, width }: Look, name: string) =>
  page.screenshot({ path: `tests/screenshots/teams-request-${language}-${width}-${name}.png` })

const ownFaults = ({ faults }: Visit) => faults.filter(fault => !fault.startsWith('foreign request'))

describe('somebody who makes their request in the page of the emulator', () => {
  let stage: Stage
  before(async () => {
    stage = await setStage()
  })
  after(() => stage?.close())

  for (const look of looks)
    it(`comes from the first button to the number of their dossier, in ${look.language} at ${look.width} px`, async () => {
      const { t } = voices[look.language]
      const chat = await openTeams(stage, look)
      await chat.adds()
      await chat.hears(t('greeting.whatNext'))
      await chat.presses(t('button.request'))
      await chat.hears(t('consent.title'))
      await chat.presses(t('button.accept'))
      await chat.hears(t('rib.title'))
      await shot(chat.page, look, '1-rib')
      await chat.presses(t('button.confirm'))
      await chat.hears(t('beneficiary.ask'))
      await chat.presses(t('beneficiary.member'))
      await chat.hears(t('motif.ask'))
      await shot(chat.page, look, '2-motif')
      await chat.says(t('motif.oncology.title'))
      await chat.hears(t('document.ask'))
      await chat.sends(fileNames[look.language])
      await chat.hears(t('review.title'))
      assert.ok((await chat.newest.innerText()).includes(fileNames[look.language]))
      await shot(chat.page, look, '3-review')
      await chat.presses(t('button.submit'))
      await chat.hears(t('submit.success'))
      const [number] = /AES-\d{4}-\d{6}/.exec(await chat.newest.innerText()) ?? []
      await shot(chat.page, look, '4-receipt')
      await chat.presses(t('button.history'))
      await chat.hears(t('history.title'))
      assert.ok(number && (await chat.newest.innerText()).includes(number))
      assert.equal(await chat.page.locator('.card-faults').count(), 0)
      assert.deepEqual(chat.visit.faults, [])
      await chat.visit.close()
    })

  it('and nothing of where the file lay is in the log', () => {
    assert.doesNotMatch(stage.product.log(), /tempauth|download\.aspx|dossier médical/)
  })
})

describe('somebody whose foundation keeps what is about health out of Teams', () => {
  let stage: Stage
  before(async () => {
    stage = await setStage({ HEALTH_DATA_IN_TEAMS: 'secure-link' })
  })
  after(() => stage?.close())

  for (const look of looks)
    it(`goes on by the page and comes back, in ${look.language} at ${look.width} px`, async () => {
      const { language, ppr } = look
      const { t } = voices[language]
      const chat = await openTeams(stage, look)
      await chat.adds()
      await chat.hears(t('greeting.whatNext'))
      await chat.presses(t('button.request'))
      await chat.hears(t('consent.title'))
      await chat.presses(t('button.accept'))
      await chat.hears(t('rib.title'))
      await chat.presses(t('button.confirm'))
      await chat.hears(t('beneficiary.ask'))
      await chat.presses(t('beneficiary.member'))
      await chat.hears(t('securePage.title'))
      assert.equal(await chat.page.locator('.card-faults').count(), 0)
      await shot(chat.page, look, '5-link')

      const opened = chat.visit.context.waitForEvent('page')
      await chat.presses(t('securePage.button'))
      const page = await opened
      page.setDefaultTimeout(PATIENCE)
      await page.getByText(words(language, 'securePage.intro')).waitFor()
      await shot(page, look, '6-page')
      const visit = { ...chat.visit, page }
      await signIn(visit, '1000005')
      await page.getByText(words(language, 'securePage.otherMember')).waitFor()
      await shot(page, look, '7-other-member')
      assert.equal(await page.locator('moussaada-launcher iframe').count(), 0)
      await page.getByRole('button', { name: words(language, 'button.signOut') }).click()
      await page.locator('#ppr').waitFor()
      await signIn(visit, ppr)
      await page.locator('moussaada-launcher iframe').waitFor()
      const onPage = await chatOf(page)
      await onPage.answer(t('button.continue'))
      await onPage.asked(t('motif.ask'))
      await onPage.answer(t('motif.oncology.title'))
      await onPage.upload({ name: fileNames[language], bytes: Buffer.from(pagedPdf(2)) })
      await onPage.asked(t('review.title'))
      await shot(page, look, '8-given')
      await page.close()

      await chat.hears(t('review.title'))
      await chat.hears(t('securePage.given'))
      await shot(chat.page, look, '9-review')
      await chat.presses(t('button.submit'))
      await chat.hears(t('submit.success'))
      const seen = await chat.page.locator('.messages').innerText()
      assert.ok(!seen.includes(t('motif.oncology.title')) && !seen.includes(fileNames[language]))
      assert.deepEqual(ownFaults(chat.visit), [])
      await chat.visit.close()
    })
})
