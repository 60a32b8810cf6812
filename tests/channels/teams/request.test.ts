import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { createTeamsPerson, type TeamsPerson } from '../../../emulator/teams-person.ts'
import { languages, type Language } from '../../../services/language.ts'
import { openChat } from '../../support/chat.ts'
import { openOffice } from '../../support/office.ts'
import { goTo } from '../../support/shortcuts.ts'
import { fileOf } from '../../support/named-files.ts'
import { directoryOf, employee, startTeamsAssistant, type TeamsAssistant } from './support/assistant.ts'

type Visible = ReturnType<TeamsPerson['sees']>[number]

const { REWRITE } = process.env
const transcript = (language: Language) => new URL(`transcripts/request.${language}.txt`, import.meta.url)

const members = {
  fr: { ppr: '1000001', account: 'c0000000-0000-4000-8000-000000000001', locale: 'fr-FR' },
  ar: { ppr: '1000005', account: 'c0000000-0000-4000-8000-000000000005', locale: 'ar-SA' },
} as const

const titles = {
  fr: ['Demander', "J'ai lu et j'accepte", 'Confirmer', 'Adhérent(e)'],
  ar: ['تقديم طلب', 'اطلعت على ما سبق وأوافق', 'تأكيد', 'المنخرط(ة)'],
} as const
const motif = { fr: 'Maladie oncologique', ar: 'أمراض السرطان' } as const
const submit = { fr: 'Terminer', ar: 'إنهاء' } as const

/** Direction marks and no-break spaces are for the eye. */
const plain = (line: string) => line.replaceAll(/[\u2066-\u2069]/g, '').replaceAll(/[\u00a0\u202f]/g, ' ')

describe('a member makes their request in Teams', () => {
  let server: TeamsAssistant
  before(async () => {
    const people = new Map(Object.values(members).map(({ account, ppr }) => [account, employee(account, ppr)]))
    server = await startTeamsAssistant({ directory: directoryOf(people) })
  })
  after(() => server.close())

  function person(language: Language): TeamsPerson {
    const { account, locale } = members[language]
    return createTeamsPerson(server.emulator, {
      aadObjectId: account,
      name: 'Canary Name',
      userPrincipalName: 'membre@fosmef.example',
      locale,
    })
  }

  /** What is new, or says something else, since this was last asked. */
  function listener(of: TeamsPerson) {
    const known = new Map<string, number>()
    return (): Visible[] => {
      const news = of.sees().filter(({ id, from, edits }) => from === 'bot' && known.get(id) !== edits)
      for (const { id, edits } of of.sees()) known.set(id, edits)
      return news
    }
  }

  async function conversationOf(account: string): Promise<string> {
    const { rows } = await server.database.query('select conversation_id from teams_conversation where account = $1', [
      account,
    ])
    return String(rows[0]?.conversation_id)
  }

  /** Until nothing is due and nothing unsent. */
  async function settled(account: string): Promise<void> {
    for (let tries = 0; tries < 1000; tries++) {
      const id = await conversationOf(account)
      const due = await server.conversations.due(id)
      const { rows } = await server.database.query(
        `select 1 from teams_conversation t join activity a using (conversation_id)
         where conversation_id = $1 and a.seq > t.delivered_seq and a.direction = 'out'`,
        [id],
      )
      if (id !== 'undefined' && due.length === 0 && rows.length === 0) return
      await new Promise(resolve => setTimeout(resolve, 20))
    }
    assert.fail('the assistant did not come to rest')
  }

  const fileNames = { fr: 'dossier médical.pdf', ar: 'ملف طبي.pdf' } as const

  for (const language of languages)
    it(`in ${language}, by the buttons, and reads what stands in the transcript`, async () => {
      const { account } = members[language]
      const one = person(language)
      const news = listener(one)
      const lines: string[] = []
      async function deed(line: string, act: () => Promise<unknown>): Promise<void> {
        await act()
        await settled(account)
        lines.push('', line, ...news().map(blockOf))
      }
      await deed('adds the assistant', () => one.installs())
      for (const title of titles[language]) await deed(`press: ${title}`, () => one.clicks(title))
      await deed(`says: ${motif[language]}`, () => one.says(motif[language]))
      const file = await fileOf('pdf-of-3-pages')
      await deed('attach: a PDF', () => one.sendsFile(file, fileNames[language]))
      await deed(`press: ${submit[language]}`, () => one.clicks(submit[language]))
      const written = `${plain(lines.join('\n')).trim()}\n`
      if (REWRITE) writeFileSync(transcript(language), written)
      assert.ok(existsSync(transcript(language)))
      assert.equal(written, readFileSync(transcript(language), 'utf8'))
    })

  it('with at most one card for each step', () => {
    const sent = person('fr')
      .sees()
      .filter(({ from }) => from === 'bot')
    assert.equal(sent.length, 8)
  })

  it('and the dossier is the one that the web chat stores, but for channel, number and ids', async () => {
    const columns =
      'channel, language, beneficiary, relative_id, person_name, motif, consent_version, consent_language, status'
    const { rows } = await server.database.query(
      `select ${columns} from dossier join member on member.id = member_id where ppr = '1000001'`,
    )
    const office = await openOffice()
    const chat = await openChat(office, { ppr: '1000001', language: 'fr' })
    await goTo(office, chat, { to: 'submitted' })
    const { rows: web } = await office.database.query(`select ${columns} from dossier`)
    await office.close()
    assert.deepEqual(rows, [{ ...web[0], channel: 'msteams' }])
  })

  it('and it is stored once', async () => {
    const { rows } = await server.database.query(
      'select channel, language, beneficiary, motif from dossier order by number',
    )
    assert.deepEqual(rows, [
      { channel: 'msteams', language: 'fr', beneficiary: 'member', motif: 'oncology' },
      { channel: 'msteams', language: 'ar', beneficiary: 'member', motif: 'oncology' },
    ])
  })

  it('and the digits of their RIB never leave for Teams', () => {
    const shown = JSON.stringify(server.connector.chats.all().map(({ messages }) => messages))
    assert.doesNotMatch(shown, /190\s?170\s?2111|⟦RIB⟧/)
  })
})

function blockOf({ text, buttons, edits }: Visible): string {
  const [first = '', ...rest] = text.split('\n')
  const pressed = buttons.length > 0 ? [buttons.map(({ title }) => `[${title}]`).join(' ')] : []
  return [`${edits > 0 ? 'edit' : 'bot'}: ${first}`, ...[...rest, ...pressed].map(line => `     ${line}`)].join('\n')
}
