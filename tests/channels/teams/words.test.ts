import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { TeamsPerson } from '../../../emulator/teams-person.ts'
import { createTranslators } from '../../../locales/translator.ts'
import { languages } from '../../../services/language.ts'
import { plainPdf } from '../../support/pdfs.ts'
import { directoryOf, employee, startTeamsAssistant, type TeamsAssistant } from './support/assistant.ts'

const voices = createTranslators()
const accounts = { fr: ['fr-FR', '1000001'], ar: ['ar-SA', '1000005'] } as const
const bare = (text: string): string => text.replaceAll(/[\u00a0\u202f]/g, ' ')
const account = (ppr: string): string => `f0000000-0000-4000-8000-00000${ppr}`

describe('a member’s words reach the assistant as Teams writes them', () => {
  let server: TeamsAssistant
  before(async () => {
    const people = new Map(['1000001', '1000005'].map(ppr => [account(ppr), employee(account(ppr), ppr)]))
    server = await startTeamsAssistant({ directory: directoryOf(people) })
  })
  after(() => server.close())

  for (const language of languages) {
    const { t } = voices[language]
    const [locale, ppr] = accounts[language]

    async function hears(person: TeamsPerson, act: () => Promise<unknown>, text: string): Promise<void> {
      const { length } = person.sees()
      await act()
      await person.waits(seen =>
        seen.slice(length).some(({ from, text: said }) => from === 'bot' && bare(said).includes(bare(text))),
      )
    }

    describe(`in ${language}`, () => {
      let person: TeamsPerson
      before(async () => {
        person = server.newPerson(locale, account(ppr))
        await hears(person, () => person.installs(), t('greeting.whatNext'))
      })

      it('with a mention that has attributes, and spaces that are entities', async () => {
        const text = `<at id="0">Moussaada &amp; co</at>&nbsp;${t('button.request')}`
        await hears(person, () => person.sends({ text }), t('consent.title'))
      })

      it('with letters and signs that are entities', async () => {
        const text = [...t('button.accept')].map(sign => (/[\p{L}’']/u.test(sign) ? `&#${sign.codePointAt(0)};` : sign))
        await hears(person, () => person.sends({ text: `<at>Moussaada</at>${text.join('')}` }), t('rib.title'))
      })

      it('and a RIB that is written in entities is hidden like any other', async () => {
        const rib = [...'190170211110374226001507'].map(digit => `&#${digit.codePointAt(0)};`).join('')
        await hears(person, () => person.sends({ text: rib }), t('rib.doNotType'))
        const { rows } = await server.database.query(
          "select 1 from activity where body like '%110374226001507%' or body like '%&#%'",
        )
        assert.deepEqual(rows, [])
      })

      it('and who edits a message is told once that its first text counts', async () => {
        const message = person.sees().findLast(({ from }) => from === 'person')?.id ?? ''
        await hears(person, () => person.edits(message, 'oui'), t('edited.firstCounts'))
        const told = () => person.sees().filter(({ text }) => bare(text).includes(bare(t('edited.firstCounts')))).length
        await person.edits(message, 'non')
        await hears(person, () => person.says(t('button.help')), t('help.rib').slice(0, 30))
        assert.equal(told(), 1)
      })

      it('and who sends files before they are asked for is told so, with words beside them and without', async () => {
        const files = ['a.pdf', 'b.pdf'].map(name => ({ bytes: plainPdf(), name }))
        for (const text of ['', t('button.confirm')])
          await hears(person, () => person.sendsFiles(files, text), t('document.unexpected'))
      })
    })
  }
})
