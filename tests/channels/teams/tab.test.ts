import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, describe, it } from 'node:test'
import restify from 'restify'
import { installTab } from '../../../bot/channels/teams/tab-route.ts'
import { openBrowser } from '../../support/browser.ts'

const publicUrl = 'https://assistant.fosmef.example'
const server = restify.createServer()
let url: string

before(async () => {
  installTab(server, { publicUrl })
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const address = server.server.address()
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/teams/tab`
})
after(() => server.close())

describe('a member opens the tab of the app in Teams', () => {
  it('may see it in the frames of Microsoft, and nobody else may frame it', async () => {
    const answer = await fetch(`${url}?lang=fr-FR`)
    const policy = answer.headers.get('content-security-policy') ?? ''
    assert.match(
      policy,
      /^default-src 'none'; style-src 'sha256-[^']+'; frame-ancestors 'self' https:\/\/teams\.microsoft\.com /,
    )
    assert.equal(answer.headers.get('x-frame-options'), null)
    assert.doesNotMatch(await answer.text(), /<script/)
  })

  it('reads it in the language of Teams, dressed, and opens the web chat in the browser', async () => {
    const browser = await openBrowser()
    try {
      const page = await browser.newPage()
      const faults: string[] = []
      page.on('console', message => faults.push(message.text()))
      for (const [lang, language, direction] of [
        ['ar-sa', 'ar', 'rtl'],
        ['fr-fr', 'fr', 'ltr'],
        ['en-us', 'fr', 'ltr'],
        ['"><script>', 'fr', 'ltr'],
      ] as const) {
        await page.goto(`${url}?lang=${encodeURIComponent(lang)}`)
        assert.equal(await page.locator('html').getAttribute('dir'), direction)
        const link = page.getByRole('link')
        assert.equal(await link.getAttribute('href'), `${publicUrl}/?lang=${language}`)
        assert.equal(await link.getAttribute('target'), '_blank')
        assert.notEqual(await link.evaluate(one => getComputedStyle(one).backgroundColor), 'rgba(0, 0, 0, 0)')
      }
      assert.deepEqual(
        faults.filter(fault => !fault.includes('favicon')),
        [],
      )
    } finally {
      await browser.close()
    }
  })
})
