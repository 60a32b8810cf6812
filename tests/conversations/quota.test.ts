import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { createTranslators } from '../../locales/translator.ts'
import { languages } from '../../services/language.ts'
import { defaultLimits } from '../../services/documents/quota.ts'
import { openChat } from '../support/chat.ts'
import { openOffice, type Office } from '../support/office.ts'
import { plainPdf } from '../support/pdfs.ts'
import { goTo } from '../support/shortcuts.ts'

const voices = createTranslators()
const bare = (text: string): string => text.replaceAll(/[\u00a0\u202f]/g, ' ').replaceAll(/[\u2066-\u2069]/g, '')

describe('a member asks for more than the service gives one person', () => {
  let office: Office
  before(async () => void (office = await openOffice({ limits: { ...defaultLimits, filesADay: 8, bytesKept: 4_000 } })))
  after(() => office.close())

  for (const channel of ['webchat', 'msteams'] as const)
    for (const language of languages) {
      const { t, size } = voices[language]
      const open = async () => openChat(office, { ppr: await office.newcomer('1000002'), language, channel })
      const said = async (chat: Awaited<ReturnType<typeof open>>) => bare((await chat.heard()).flat().join('\n'))

      it(`five requests in a day: the sixth waits, on ${channel} in ${language}`, async () => {
        const chat = await open()
        for (let sent = 0; sent < 5; sent++) {
          await goTo(office, chat, { to: 'submitted' })
          await office.database.query(
            'delete from document d where not exists (select from dossier where document_id = d.id)',
          )
        }
        await goTo(office, chat, { to: 'review' })
        await chat.heard()
        await goTo(office, chat, { to: 'submitted' }).catch(() => undefined)
        assert.ok((await said(chat)).includes(bare(t('submit.tooManyToday', { count: 5 }))))
        assert.ok(await office.services.drafts.openOf(chat.memberId))
        office.clock.at = new Date(office.clock.at.getTime() + 24 * 3_600_000)
        await goTo(office, chat, { to: 'submitted' })
        assert.equal(await office.services.drafts.openOf(chat.memberId), undefined)
      })

      it(`and is told why a file is not taken, on ${channel} in ${language}`, async () => {
        const chat = await open()
        await goTo(office, chat, { to: 'document' })
        const fileName = 'a.pdf'
        await chat.attaches({ name: fileName, bytes: Buffer.alloc(5_000, 1) })
        assert.ok(
          (await said(chat)).includes(bare(t('document.reject.tooMuchKept', { fileName, maxSize: size(4_000) }))),
        )
        for (let file = 0; file < 8; file++) await chat.attaches({ name: fileName, bytes: Buffer.from('no PDF') })
        await chat.heard()
        await chat.attaches({ name: fileName, bytes: plainPdf() })
        assert.ok((await said(chat)).includes(bare(t('document.reject.tooManyToday', { count: 8 }))))
      })
    }
})
