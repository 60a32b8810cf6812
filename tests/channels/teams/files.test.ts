import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { createTeamsPerson, type TeamsPerson } from '../../../emulator/teams-person.ts'
import type { FileFault } from '../../../emulator/files/faulty-download.ts'
import { createTranslators, type MessageKey } from '../../../locales/translator.ts'
import { languages, type Language } from '../../../services/language.ts'
import { MAX_DOCUMENT_BYTES } from '../../../services/documents/limits.ts'
import { openChat } from '../../support/chat.ts'
import { openOffice } from '../../support/office.ts'
import { allOf } from '../../support/pieces.ts'
import { plainPdf } from '../../support/pdfs.ts'
import { fileOf } from '../../support/named-files.ts'
import { goTo } from '../../support/shortcuts.ts'
import { directoryOf, employee, startTeamsAssistant, type TeamsAssistant } from './support/assistant.ts'

const voices = createTranslators()
const members = {
  fr: { ppr: '1000001', account: 'f0000000-0000-4000-8000-000000000001', locale: 'fr-FR' },
  ar: { ppr: '1000005', account: 'f0000000-0000-4000-8000-000000000005', locale: 'ar-SA' },
} as const
const stranger = 'f0000000-0000-4000-8000-000000000009'
const limits = { silence: 3_000, total: 60_000, beforeRetry: 1 }

const bare = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ')

describe('a member shares their PDF in Teams', () => {
  let server: TeamsAssistant
  before(async () => {
    const people = new Map(Object.values(members).map(({ account, ppr }) => [account, employee(account, ppr)]))
    server = await startTeamsAssistant({ directory: directoryOf(people), files: { limits } })
  })
  after(() => server.close())

  function person(account: string, locale: string): TeamsPerson {
    const userPrincipalName = 'membre@fosmef.example'
    return createTeamsPerson(server.emulator, { aadObjectId: account, name: 'Canary Name', userPrincipalName, locale })
  }
  const memberIn = (language: Language) => person(members[language].account, members[language].locale)

  /** Waits until the newest of what the assistant says is new, and holds this. */
  async function hears(one: TeamsPerson, text: string, after = one.sees().length): Promise<void> {
    const isNew = (seen: ReturnType<TeamsPerson['sees']>) =>
      seen.slice(after).some(({ from, text: said }) => from === 'bot' && bare(said).includes(bare(text)))
    await one.waits(isNew, 60_000)
  }

  async function does(one: TeamsPerson, act: () => Promise<unknown>, heard: string): Promise<void> {
    const { length } = one.sees()
    await act()
    await hears(one, heard, length)
  }

  async function beginsRequest(language: Language): Promise<TeamsPerson> {
    const one = memberIn(language)
    const { t } = voices[language]
    await does(one, () => one.installs(), t('greeting.whatNext'))
    await does(one, () => one.clicks(t('button.request')), t('consent.title'))
    return one
  }

  async function answersTo(language: Language, one: TeamsPerson): Promise<void> {
    const { t } = voices[language]
    await does(one, () => one.clicks(t('button.accept')), t('rib.title'))
    await does(one, () => one.clicks(t('button.confirm')), t('beneficiary.ask'))
    await does(one, () => one.clicks(t('beneficiary.member')), t('motif.ask'))
  }

  const rows = async (sql: string, values: readonly unknown[] = []) => (await server.database.query(sql, values)).rows

  const faults: readonly { what: string; fault: FileFault; told: MessageKey }[] = [
    {
      what: 'leads elsewhere',
      fault: { kind: 'redirect', location: 'https://files.example/a.pdf' },
      told: 'document.reject.notAllowed',
    },
    {
      what: 'leads into the network',
      fault: { kind: 'redirect', location: 'http://169.254.169.254/' },
      told: 'document.reject.notAllowed',
    },
    { what: 'has lapsed', fault: { kind: 'status', status: 401 }, told: 'document.reject.expired' },
    { what: 'is not there', fault: { kind: 'status', status: 404 }, told: 'document.reject.expired' },
    { what: 'is in a store that is busy', fault: { kind: 'status', status: 503 }, told: 'document.reject.unreachable' },
    { what: 'breaks off', fault: { kind: 'breaks', after: 20 }, told: 'document.reject.unreachable' },
    {
      what: 'is shorter than it says',
      fault: { kind: 'declares', length: 9_999 },
      told: 'document.reject.unreachable',
    },
    {
      what: 'says that it is too long',
      fault: { kind: 'declares', length: MAX_DOCUMENT_BYTES + 1 },
      told: 'document.reject.tooLarge',
    },
    {
      what: 'is too long without saying so',
      fault: { kind: 'endless', size: MAX_DOCUMENT_BYTES + 1 },
      told: 'document.reject.tooLarge',
    },
    { what: 'hardly comes', fault: { kind: 'drip', everyMs: 60_000 }, told: 'document.reject.unreachable' },
    {
      what: 'is packed',
      fault: { kind: 'encoded', bytes: gzipSync(plainPdf()), encoding: 'gzip' },
      told: 'document.reject.unreachable',
    },
  ]

  for (const language of languages) {
    const { t, size } = voices[language]
    const fileName = language === 'fr' ? 'dossier.pdf' : 'ملف.pdf'
    const told = (key: MessageKey) => t(key, { fileName, maxSize: size(MAX_DOCUMENT_BYTES) })

    describe(`in ${language}`, () => {
      let one: TeamsPerson
      before(async () => {
        one = await beginsRequest(language)
      })

      it('is told that it comes too early, and nothing is fetched', async () => {
        const { length } = server.emulator.files.downloads
        await does(one, () => one.sendsFile(plainPdf(), fileName), t('document.unexpected'))
        assert.equal(server.emulator.files.downloads.length, length)
        await answersTo(language, one)
        await does(one, () => one.pastesImage(Buffer.from('GIF89a'), 'image/gif'), t('document.unexpected'))
        await does(one, () => one.says(t('motif.oncology.title')), t('document.ask'))
      })

      it('is told what to do with a picture, and with several files', async () => {
        await does(one, () => one.pastesImage(Buffer.from('GIF89a'), 'image/gif'), told('document.reject.image'))
        const file = { bytes: plainPdf(), name: fileName }
        await does(one, () => one.sendsFiles([file, file]), t('document.reject.multiple', { count: 2 }))
        await does(
          one,
          () => one.sendsFile(Buffer.from('PK\u0003\u0004 word/'), fileName),
          told('document.reject.notPdfArchive'),
        )
      })

      for (const { what, fault, told: key } of faults)
        it(`is told what to do with a file that ${what}, and the draft waits`, async () => {
          await does(one, () => one.sendsFile(plainPdf(), fileName, { fault }), told(key))
          assert.ok(bare(one.sees().at(-1)?.text ?? '').includes(bare(t('document.ask'))))
          assert.deepEqual(await rows('select id from document'), [])
        })

      it('stops a file that never ends a little beyond the limit', () => {
        const sent = server.emulator.files.downloads.map(download => download.sent)
        assert.ok(Math.max(...sent) <= MAX_DOCUMENT_BYTES + 1)
      })

      it('is taken once, however often it is delivered', async () => {
        const file = await fileOf('pdf-of-3-pages')
        const { length } = one.sees()
        await one.sendsFile(file, fileName)
        const own = one.sees().findLast(({ from }) => from === 'person')
        await hears(one, t('review.title'), length)
        const { downloads } = server.emulator.files
        const fetched = downloads.length
        await one.sends({ ...own?.activity })
        await does(one, () => one.sends({ ...own?.activity, id: `again-${language}` }), t('review.title'))
        assert.equal(downloads.length, fetched)
        assert.equal((await rows('select id from document')).length, 1)
      })

      it('becomes the dossier that the web chat stores, file and all, but for channel and ids', async () => {
        await does(one, () => one.clicks(t('button.submit')), t('submit.success'))
        const columns = `dossier.channel, dossier.language, beneficiary, relative_id, person_name, motif, consent_version,
          consent_language, status, document.state, document.name, document.size, document.pages, document.sha256`
        const select = `select ${columns} from dossier join document on document.id = dossier.document_id`
        const office = await openOffice()
        const chat = await openChat(office, { ppr: members[language].ppr, language })
        await goTo(office, chat, { to: 'document' })
        await chat.attaches({ name: fileName, bytes: await fileOf('pdf-of-3-pages') })
        await goTo(office, chat, { to: 'submitted' })
        const web = await office.database.query(select)
        const { rows: events } = await office.database.query('select kind from dossier_event')
        await office.close()
        assert.deepEqual(await rows(select), [{ ...web.rows[0], channel: 'msteams' }])
        assert.deepEqual(await rows('select kind from dossier_event'), events)
        const [document] = await rows('select id from document')
        assert.deepEqual(
          await allOf(server.documents.read(String(document?.['id']))),
          Buffer.from(await fileOf('pdf-of-3-pages')),
        )
        await server.database.query('truncate draft, dossier, document, dossier_counter cascade')
      })
    })
  }

  it('leaves nothing behind that leads to a file: not in the transcript, not in the log', async () => {
    const bodies = await rows('select body from activity')
    const all = JSON.stringify(bodies) + server.logged.join()
    assert.doesNotMatch(all, /tempauth|download\.aspx|shared\\"/)
    assert.equal(server.emulator.files.downloads.filter(({ hadAuthorization }) => hadAuthorization).length, 0)
    assert.ok(server.emulator.files.downloads.length > 10)
  })

  it('is not fetched, nor kept, where others can read it', async () => {
    const one = server.newPerson()
    await does(one, () => one.installs(), 'annuaire')
    const { length } = server.emulator.files.downloads
    const before = await rows('select 1 from activity')
    const name = 'dossier.pdf'
    const { downloadUrl } = server.emulator.files.share(plainPdf(), name)
    const contentType = 'application/vnd.microsoft.teams.file.download.info'
    const conversation = { id: one.chat.id, conversationType: 'channel', tenantId: one.chat.tenantId }
    const attachments = [{ contentType, name, content: { downloadUrl } }]
    await does(one, () => one.sends({ type: 'message', conversation, attachments }), 'conversation privée')
    assert.equal(server.emulator.files.downloads.length, length)
    assert.deepEqual(await rows('select 1 from activity'), before)
  })

  it('is not fetched for somebody whom nobody knows, and forgotten', async () => {
    const { length } = server.emulator.files.downloads
    const one = person(stranger, 'fr-FR')
    await does(one, () => one.installs(), 'annuaire')
    await does(one, () => one.sendsFile(plainPdf(), 'dossier.pdf'), 'annuaire')
    assert.equal(server.emulator.files.downloads.length, length)
    assert.doesNotMatch(JSON.stringify(await rows('select body from activity')), /shared\\"/)
  })
})
