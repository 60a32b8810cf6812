import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { get } from 'node:http'
import { after, before, describe, it } from 'node:test'
import { CardFactory, MessageFactory, type Attachment, type TurnContext } from 'botbuilder'
import type { Browser } from 'playwright-core'
import { adaptiveCard, buttons, heading, number, option, paragraph, row } from '../../dialogs/cards/adaptive-card.ts'
import { demoPeople } from '../../emulator/demo-people.ts'
import type { LoopbackServer } from '../../emulator/http/loopback-server.ts'
import { startPage } from '../../emulator/page/page-server.ts'
import { startEmulator, type Emulator } from '../../emulator/start-emulator.ts'
import { createTranslators } from '../../locales/translator.ts'
import { openBrowser, openVisit, type Visit } from '../support/browser.ts'
import { startStockBot, type StockBot } from './support/stock-bot.ts'

const voices = createTranslators()

/** A card of the assistant's own making, with all that its cards are made of. */
function card(language: 'fr' | 'ar', isOver = false): Attachment {
  const voice = voices[language]
  const choice = (title: string) => ({ title, value: { choice: title }, primary: true })
  const made = adaptiveCard(voice, [
    heading(voice.t('rib.title')),
    number('190 170 2111102263740015 07'),
    paragraph(isOver ? voice.t('answered.consent') : voice.t('rib.missing')),
    row(voice.t('step.motif'), voice.t('step.document'), choice(voice.t('button.changeRib'))),
    option(voice.t('button.notMyRib'), voice.t('rib.missing')),
    ...(isOver ? [] : [buttons([choice(voice.t('button.confirm'))])]),
  ])
  return CardFactory.adaptiveCard(made['content'])
}

async function logic(context: TurnContext): Promise<void> {
  const { activity } = context
  const language = activity.locale?.startsWith('ar') ? 'ar' : 'fr'
  if (activity.type !== 'message') return
  const file = activity.attachments?.find(({ contentType }) => contentType.endsWith('file.download.info'))
  if (activity.value) {
    const closed = MessageFactory.attachment(card(language, true))
    await context.updateActivity({ ...closed, id: activity.replyToId ?? '' })
  } else if (file) await context.sendActivity(`file: ${(await fetch(file.content.downloadUrl)).status}`)
  else if (activity.text === 'card') await context.sendActivity(MessageFactory.attachment(card(language)))
  else await context.sendActivity(MessageFactory.suggestedActions(['Un', 'Deux'], `**echo**: ${activity.text}`))
}

describe('a developer who tries the assistant in the page', () => {
  let emulator: Emulator
  let bot: StockBot
  let site: LoopbackServer
  let browser: Browser

  before(async () => {
    emulator = await startEmulator()
    bot = await startStockBot(emulator.settings, logic)
    emulator.connector.setBotUrl(bot.url)
    site = await startPage(emulator, demoPeople)
    browser = await openBrowser()
    await mkdir('tests/screenshots', { recursive: true })
  })
  after(async () => {
    await browser.close()
    await site.close()
    await bot.close()
    await emulator.close()
  })

  async function open(index: number, colorScheme: 'light' | 'dark', width = 1280): Promise<Visit> {
    const person = demoPeople[index]!
    const language = person.locale.startsWith('ar') ? 'ar' : 'fr'
    const visit = await openVisit(browser, site.url, { language, width, height: 860, colorScheme })
    await visit.page.goto(`${site.url}/?person=${person.aadObjectId}`)
    return visit
  }
  const shot = async ({ page, look }: Visit, name: string): Promise<void> => {
    const path = `tests/screenshots/teams-emulator-${look.language}-${look.width}-${look.colorScheme}-${name}.png`
    await page.screenshot({ path })
  }

  const looks = [
    { index: 0, scheme: 'light', width: 1280, add: 'Ajouter l’application', compose: 'Tapez un message' },
    { index: 1, scheme: 'dark', width: 1280, add: 'إضافة التطبيق', compose: 'اكتب رسالة' },
    { index: 3, scheme: 'light', width: 390, add: 'إضافة التطبيق', compose: 'اكتب رسالة' },
  ] as const
  for (const { index, scheme, width, add, compose } of looks) {
    it(`adds the app, talks, presses, shares a file and likes: ${demoPeople[index]!.locale}, ${scheme}, ${width}`, async () => {
      const visit = await open(index, scheme, width)
      const { page } = visit
      await page.getByRole('button', { name: add }).click()
      await page.getByPlaceholder(compose).fill('bonjour')
      await page.getByPlaceholder(compose).press('Enter')
      await page.locator('.bot strong', { hasText: 'echo' }).waitFor()
      await page.locator('.suggestions button', { hasText: 'Deux' }).click()
      await page.locator('.person', { hasText: 'Deux' }).waitFor()
      await page.getByPlaceholder(compose).fill('card')
      await page.getByPlaceholder(compose).press('Enter')
      await page.locator('.ac-adaptiveCard').waitFor()
      assert.equal(await page.locator('.card-faults').count(), 0)
      await shot(visit, '1-card')
      const voice = voices[visit.look.language]
      await page.locator('.ac-pushButton', { hasText: voice.t('button.confirm') }).click()
      await page.locator('.edited').waitFor()
      assert.equal(await page.locator('.card-faults').count(), 0)
      assert.equal(await page.locator('.ac-pushButton', { hasText: voice.t('button.confirm') }).count(), 0)
      const name = 'شهادة طبية.pdf'
      await page.setInputFiles('.picker', { name, mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7') })
      await page.locator('.bot', { hasText: 'file: 200' }).waitFor()
      await page.locator('.file', { hasText: name }).waitFor()
      await shot(visit, '2-after')
      assert.equal(await page.locator('html').getAttribute('dir'), voice.direction)
      assert.deepEqual(visit.faults, [])
      await visit.close()
    })
  }

  it('makes the next call go wrong, and sees it on the wire', async () => {
    emulator.connector.chats.of(demoPeople[0]!).installed = true
    const visit = await open(0, 'light')
    const { page } = visit
    await page.getByRole('button', { name: '408 after acting' }).click()
    await page.locator('.pending', { hasText: '1 calls' }).waitFor()
    await page.getByPlaceholder('Tapez un message').fill('faulty')
    await page.getByPlaceholder('Tapez un message').press('Enter')
    await page.locator('.bot', { hasText: 'faulty' }).waitFor()
    await page.locator('tr.fault', { hasText: '408' }).waitFor()
    assert.deepEqual(visit.faults, [])
    await visit.close()
  })
  it('is not reached by the pages of other sites', async () => {
    const path = `${site.url}/api/people/${demoPeople[0]!.aadObjectId}/actions`
    const body = JSON.stringify({ does: 'says', text: 'forged' })
    const plain = await fetch(path, { method: 'POST', headers: { 'content-type': 'text/plain' }, body })
    assert.equal(plain.status, 400)
    assert.equal((await fetch(path, { method: 'OPTIONS' })).status, 404)
    const rebound = get(site.url, { headers: { host: 'attacker.example' } })
    const [answer] = await once(rebound, 'response')
    assert.equal(answer.statusCode, 421)
    answer.resume()
  })
})
