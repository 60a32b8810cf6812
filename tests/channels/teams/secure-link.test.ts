import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { after, before, describe, it } from 'node:test'
import { createTeamsPerson, type TeamsPerson } from '../../../emulator/teams-person.ts'
import { createTranslators } from '../../../locales/translator.ts'
import { createSessions } from '../../../services/accounts/sessions.ts'
import type { ActivityBody } from '../../../services/conversations/activity.ts'
import { languages, type Language } from '../../../services/language.ts'
import { arrive } from '../../support/arriving-files.ts'
import { plainPdf } from '../../support/pdfs.ts'
import { directoryOf, employee, startTeamsAssistant, type TeamsAssistant } from './support/assistant.ts'

const voices = createTranslators()
const members = {
  fr: { ppr: '1000001', account: 'e0000000-0000-4000-8000-000000000001', locale: 'fr-FR' },
  ar: { ppr: '1000005', account: 'e0000000-0000-4000-8000-000000000005', locale: 'ar-SA' },
} as const
const bare = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ')
const fileName = 'oncologie-canary.pdf'

describe('a foundation that keeps what is about health out of Teams', () => {
  let server: TeamsAssistant
  before(async () => {
    const people = new Map(Object.values(members).map(({ account, ppr }) => [account, employee(account, ppr)]))
    const settings = { healthDataInTeams: 'secure-link' } as const
    server = await startTeamsAssistant({ directory: directoryOf(people), settings })
  })
  after(() => server.close())

  function person(language: Language): TeamsPerson {
    const { account, locale } = members[language]
    const userPrincipalName = 'membre@fosmef.example'
    return createTeamsPerson(server.emulator, { aadObjectId: account, name: 'Canary Name', userPrincipalName, locale })
  }

  async function does(one: TeamsPerson, act: () => Promise<unknown>, heard: string): Promise<void> {
    const { length } = one.sees()
    await act()
    const isNew = (seen: ReturnType<TeamsPerson['sees']>) =>
      seen.slice(length).some(({ from, text }) => from === 'bot' && bare(text).includes(bare(heard)))
    await one.waits(isNew, 60_000)
  }

  const memberIdOf = async (ppr: string) => (await server.members.findByPpr(ppr))?.id ?? ''

  function linkOf(one: TeamsPerson, language: Language): string {
    const buttons = one.sees().flatMap(({ buttons }) => buttons)
    const url = new URL(String(buttons.findLast(({ kind }) => kind === 'opens')?.value))
    assert.equal(`${url.origin}${url.pathname}${url.search}`, `${server.origin}/?lang=${language}`)
    const [name, link = ''] = url.hash.split('=')
    assert.equal(name, '#teams')
    return link
  }

  /** The page, once somebody has signed in on it. */
  async function comes(link: string, ppr: string | undefined, method = 'POST') {
    const sessions = createSessions(server)
    const session = ppr === undefined ? '' : await sessions.open(await memberIdOf(ppr))
    const response = await fetch(`${server.origin}/teams/page`, {
      method,
      headers: { 'content-type': 'application/json', origin: server.origin, cookie: `moussaada=${session}` },
      ...(method === 'POST' && { body: JSON.stringify({ link }) }),
    })
    await response.text()
    return response.status
  }

  /** What the member does in the web chat, and what it has said once that is done. */
  async function onPage(ppr: string, body?: ActivityBody): Promise<readonly ActivityBody[]> {
    const chat = await server.conversations.openOf(await memberIdOf(ppr), 'webchat')
    assert.ok(chat)
    if (body) await server.conversations.takeIn(chat.id, { clientId: randomUUID(), body })
    server.wake(chat.id)
    while ((await server.conversations.due(chat.id)).length > 0) await sleep(20)
    return (await server.conversations.latest(chat.id, 100))
      .filter(({ direction }) => direction === 'out')
      .map(({ body: said }) => said)
  }

  const draftOf = async (ppr: string) => server.drafts.openOf(await memberIdOf(ppr))

  for (const language of languages) {
    const { t } = voices[language]
    const { ppr } = members[language]
    const other = members[language === 'fr' ? 'ar' : 'fr'].ppr

    describe(`in ${language}`, () => {
      let one: TeamsPerson
      before(async () => {
        one = person(language)
        const memberId = await memberIdOf(ppr)
        const id = randomUUID()
        await server.conversations.create(
          { id, channel: 'webchat', memberId, language },
          { type: 'conversationUpdate' },
        )
        await onPage(ppr)
        await does(one, () => one.installs(), t('greeting.whatNext'))
        await does(one, () => one.clicks(t('button.request')), t('consent.title'))
        await does(one, () => one.clicks(t('button.accept')), t('rib.title'))
        await does(one, () => one.clicks(t('button.confirm')), t('beneficiary.ask'))
        await does(one, () => one.clicks(t('beneficiary.member')), t('securePage.title'))
      })

      it('asks for motif and document by one link that shows nothing of who it is for', async () => {
        const link = linkOf(one, language)
        const read = Buffer.from(link, 'base64url').toString('latin1')
        assert.ok(!read.includes(await memberIdOf(ppr)))
        assert.ok(!one.sees().at(-1)?.text.includes(t('motif.oncology.title')))
      })

      it('takes no words as the motif, and fetches no file', async () => {
        await does(one, () => one.says(t('motif.oncology.title')), t('securePage.notHere'))
        await does(one, () => one.sendsFile(plainPdf(), fileName), t('document.reject.elsewhere'))
        await does(one, () => one.pastesImage(Buffer.from('GIF89a'), 'image/gif'), t('document.reject.elsewhere'))
        await does(one, () => one.says(language === 'fr' ? 'aide' : 'مساعدة'), t('securePage.help'))
        const draft = await draftOf(ppr)
        assert.equal(draft?.motif, undefined)
        assert.equal(server.emulator.files.downloads.length, 0)
        const value = { v: 1, draft: draft?.id, version: draft?.version, step: 'motif', choice: 'oncology' }
        await does(one, () => one.submits(one.sees().at(-1)?.id ?? '', value), t('securePage.notHere'))
        assert.equal((await draftOf(ppr))?.motif, undefined)
      })

      it('leads on only whoever has signed in and is the member that it was sent to, while it is good', async () => {
        const link = linkOf(one, language)
        assert.equal(await comes(link, undefined), 401)
        assert.equal(await comes(link, other), 409)
        assert.equal(await comes(`${link}x`.slice(2), ppr), 410)
        assert.equal(await comes('x', ppr), 410)
        assert.notEqual(await comes(link, ppr, 'GET'), 204)
        assert.equal(await comes(link, ppr), 204)
        server.clock.ahead += 16 * 60_000
        assert.equal(await comes(link, ppr), 410)
        assert.equal(await comes(link, other), 410)
      })

      it('finds the question on the page, once however often the link is followed', async () => {
        const asked = (said: readonly ActivityBody[]) =>
          said.filter(body => JSON.stringify(body).includes(t('motif.ask'))).length
        const before = asked(await onPage(ppr))
        assert.equal(before, 1)
        await does(one, () => one.says('?'), t('securePage.notHere'))
        const link = linkOf(one, language)
        assert.deepEqual([await comes(link, ppr), await comes(link, ppr)], [204, 204])
        assert.equal(asked(await onPage(ppr)), before)
      })

      it('goes on in Teams by itself once both are there, and shows neither', async () => {
        const draft = await draftOf(ppr)
        const value = { v: 1, draft: draft?.id, version: draft?.version, step: 'motif', choice: 'oncology' }
        await onPage(ppr, { type: 'message', value })
        const { length } = one.sees()
        await does(
          one,
          async () => {
            const memberId = await memberIdOf(ppr)
            await onPage(ppr, await arrive(server.services, memberId, [{ name: fileName, bytes: plainPdf() }]))
          },
          t('securePage.received'),
        )
        assert.equal(one.sees().length, length + 1)
        assert.ok(one.sees().at(-1)?.text.includes(t('review.title')))
        await does(one, () => one.says(language === 'fr' ? 'bonjour' : 'السلام عليكم'), t('review.title'))
      })

      it('sends back to the page for another document', async () => {
        const draft = await draftOf(ppr)
        const value = { v: 1, draft: draft?.id, version: draft?.version, step: 'review', choice: 'edit:document' }
        await does(one, () => one.submits(one.sees().at(-1)?.id ?? '', value), t('securePage.title'))
        await does(one, () => one.clicks(t('button.back')), t('review.title'))
      })

      it('submits in Teams, and no word about health has gone there', async () => {
        await does(one, () => one.clicks(t('button.submit')), t('submit.success'))
        await does(one, () => one.says(language === 'fr' ? 'historique' : 'سجل الطلبات'), t('history.title'))
        const sent = JSON.stringify(
          one
            .sees()
            .filter(({ from }) => from === 'bot')
            .map(({ activity }) => activity),
        )
        for (const motif of ['oncology', 'extraCosts', 'unreimbursed'] as const)
          assert.ok(!sent.includes(t(`motif.${motif}.title`)))
        assert.ok(!sent.includes('canary.pdf'))
        const { rows } = await server.database.query('select motif from dossier where member_id = $1', [
          await memberIdOf(ppr),
        ])
        assert.deepEqual(rows, [{ motif: 'oncology' }])
      })
    })
  }
})
