import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createTeamsPerson, type TeamsPerson } from '../../emulator/teams-person.ts'
import { languages } from '../../services/language.ts'
import { directoryOf, employee, startTeamsAssistant, type TeamsAssistant } from '../channels/teams/support/assistant.ts'
import { plainPdf } from '../support/pdfs.ts'
import { openProactive, statusFile, tellAll } from '../support/proactive.ts'

const DAY_MS = 24 * 3_600_000
const members = {
  fr: { ppr: '1000001', account: 'd0000000-0000-4000-8000-000000000001', locale: 'fr-FR' },
  ar: { ppr: '1000002', account: 'd0000000-0000-4000-8000-000000000002', locale: 'ar-SA' },
} as const
type Language = keyof typeof members

const steps = {
  fr: ['Demander', "J'ai lu et j'accepte", 'Confirmer', 'Adhérent(e)', 'Terminer'],
  ar: ['تقديم طلب', 'اطلعت على ما سبق وأوافق', 'تأكيد', 'المنخرط(ة)', 'إنهاء'],
} as const
const motif = { fr: 'Maladie oncologique', ar: 'أمراض السرطان' } as const
const accepted = { fr: /Nouveau statut : .?Acceptée/, ar: /الحالة الجديدة: .?مقبول/ } as const
const reminder = { fr: /n'est pas encore envoyée/, ar: /لم يتم إرسال طلبكم بعد/ } as const
const goOn = { fr: 'Continuer', ar: 'متابعة' } as const
/** What a locked screen must not say. */
const secrets = /oncolog|السرطان|accept|مقبول|Maladie/i

const plain = (text: string) => text.replaceAll(/[\u2066-\u2069]/g, '').replaceAll(/[\u00a0\u202f]/g, ' ')

describe('a member who was last in Teams', () => {
  let server: TeamsAssistant
  let parts: ReturnType<typeof openProactive>
  /** The daily job comes in Morocco's daytime, whenever this test runs. */
  let atNoon: ReturnType<typeof openProactive>
  const people = new Map<Language, TeamsPerson>()
  before(async () => {
    const known = new Map(Object.values(members).map(({ account, ppr }) => [account, employee(account, ppr)]))
    server = await startTeamsAssistant({ directory: directoryOf(known) })
    parts = openProactive(server.database, { now: server.now })
    atNoon = openProactive(server.database, { now: () => new Date(server.now().setUTCHours(12)) })
  })
  after(() => server.close())

  function person(language: Language): TeamsPerson {
    const { account: aadObjectId, locale } = members[language]
    const userPrincipalName = 'membre@fosmef.example'
    const one =
      people.get(language) ??
      createTeamsPerson(server.emulator, { aadObjectId, name: 'Canary Name', userPrincipalName, locale })
    people.set(language, one)
    return one
  }
  const count = (of: TeamsPerson, pattern: RegExp) =>
    of.sees().filter(({ from, text }) => from === 'bot' && pattern.test(plain(text))).length
  const reads = (of: TeamsPerson, pattern: RegExp) =>
    of.waits(seen => seen.some(({ from, text }) => from === 'bot' && pattern.test(plain(text))), 20_000)
  const clicks = async (of: TeamsPerson, title: string) => {
    await of.waits(seen => seen.some(({ buttons }) => buttons.some(button => plain(button.title) === title)), 20_000)
    await of.clicks(title)
  }
  const rowsOf = async (sql: string, values: readonly unknown[] = []) => (await server.database.query(sql, values)).rows
  const tell = () => tellAll({ services: server, turns: { wake: server.wake } }, parts.notices)

  async function submits(language: Language): Promise<string> {
    const one = person(language)
    await one.installs()
    const [request, accept, confirm, member, submit] = steps[language]
    for (const title of [request, accept, confirm, member]) await clicks(one, title)
    await reads(one, /PET SCAN/)
    await one.says(motif[language])
    await reads(one, /PDF/)
    await one.sendsFile(plainPdf(), 'dossier.pdf')
    await clicks(one, submit)
    await reads(one, /AES-\d{4}-\d{6}/)
    const [dossier] = await rowsOf('select number from dossier join member on member.id = member_id where ppr = $1', [
      members[language].ppr,
    ])
    return String(dossier?.['number'])
  }

  async function chats(language: Language) {
    return rowsOf(
      `select c.id, c.channel, t.blocked_at from conversation c join member m on m.id = c.member_id
       left join teams_conversation t on t.conversation_id = c.id where m.ppr = $1 order by c.channel`,
      [members[language].ppr],
    )
  }

  async function webTexts(language: Language): Promise<string> {
    const web = (await chats(language)).find(({ channel }) => channel === 'webchat')
    const said = await server.conversations.latest(String(web?.['id']), 50)
    return said
      .filter(({ direction }) => direction === 'out')
      .map(({ body }) => JSON.stringify(body))
      .join('\n')
  }

  /** Teams' tokens would not outlive a clock that is turned on. */
  async function leavesFor(days: number, language: Language): Promise<void> {
    const at = new Date(server.now().getTime() - days * DAY_MS)
    const ofMember = 'member_id = (select id from member where ppr = $2)'
    await server.database.query(`update draft set updated_at = $1 where ${ofMember}`, [at, members[language].ppr])
    const inTeams = `update conversation set active_at = $1 where channel = 'msteams' and ${ofMember}`
    await server.database.query(inTeams, [at, members[language].ppr])
  }

  const numbers = new Map<Language, string>()
  for (const language of languages)
    it(`reads there, and in the web chat, what their dossier has become: ${language}`, async () => {
      const number = await submits(language)
      numbers.set(language, number)
      await parts.statusChanges.run(statusFile([number, 'accepted']))
      await tell()
      const one = person(language)
      await reads(one, accepted[language])
      await tell()
      assert.equal(count(one, accepted[language]), 1)
      assert.match(plain(await webTexts(language)), accepted[language])
      const sent = one.chat.messages.at(-1)?.activity
      assert.ok(typeof sent?.['summary'] === 'string' && sent['summary'] !== '')
      assert.doesNotMatch(sent['summary'], secrets)
      assert.equal(sent['text'], undefined, 'a notification would show it')
    })

  for (const language of languages)
    it(`is reminded of a request that they have left, at most once, and goes on: ${language}`, async () => {
      const one = person(language)
      const [request, accept, confirm, member] = steps[language]
      for (const title of [request, accept, confirm, member]) await clicks(one, title)
      await one.waits(seen => /PET SCAN/.test(seen.at(-1)?.text ?? ''), 20_000)
      await leavesFor(4, language)
      for (let day = 0; day < 3; day++) {
        assert.equal(await atNoon.remind(), undefined)
        await tell()
      }
      await reads(one, reminder[language])
      assert.equal(count(one, reminder[language]), 1)
      assert.match(await webTexts(language), reminder[language])
      const sent = one.chat.messages.findLast(({ from }) => from === 'bot')?.activity
      assert.doesNotMatch(String(sent?.['summary']), secrets)
      await clicks(one, goOn[language])
      await one.waits(seen => /PET SCAN/.test(seen.at(-1)?.text ?? ''), 20_000)
    })

  const becomes = async (language: Language, status: string) => {
    const result = await parts.statusChanges.run(statusFile([numbers.get(language) ?? '', status]))
    assert.equal(result.ok, true)
  }
  const sends = (of: TeamsPerson) =>
    server.connector.calls.filter(({ operation, chatId }) => operation === 'send' && chatId === of.chat.id).length

  it('is left alone there once they have blocked the assistant, and finds it in the web chat', async () => {
    const one = person('fr')
    one.blocks()
    const before = sends(one)
    await becomes('fr', 'paid')
    await tell()
    const isBlocked = async () => (await chats('fr')).some(({ blocked_at }) => blocked_at !== null)
    for (let tries = 0; !(await isBlocked()); tries++) {
      assert.ok(tries < 500, 'it was recorded')
      await sleep(50)
    }
    assert.equal(sends(one), before + 1)
    await becomes('fr', 'cancelled')
    assert.equal((await tell()).length, 1, 'the web chat alone')
    assert.match(plain(await webTexts('fr')), /Virement effectué[^]*Annulée/)
    assert.equal(sends(one), before + 1)
  })

  it('is told again after they have written, but nothing of what is old', async () => {
    const one = person('fr')
    one.unblocks()
    await one.says('bonjour')
    await reads(one, /Nous continuons votre demande/)
    assert.equal(count(one, /Virement effectué|Annulée/), 0)
    await becomes('fr', 'inReview')
    await tell()
    await reads(one, /En cours de traitement/)
  })

  it('is told in the web chat alone when their account is theirs no more', async () => {
    await server.database.query('delete from teams_account where account = $1', [members.ar.account])
    await becomes('ar', 'paid')
    assert.deepEqual(
      await tell(),
      (await chats('ar')).filter(({ channel }) => channel === 'webchat').map(({ id }) => id),
    )
  })

  it('is told in the web chat alone when they were last there', async () => {
    const web = (await chats('fr')).find(({ channel }) => channel === 'webchat')?.['id']
    await server.conversations.takeIn(String(web), { body: { type: 'message', text: 'aide' } })
    server.wake(String(web))
    await becomes('fr', 'accepted')
    assert.deepEqual(await tell(), [web])
  })
})
