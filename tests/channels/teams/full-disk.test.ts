import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { createTranslators } from '../../../locales/translator.ts'
import { AppError } from '../../../services/errors.ts'
import { languages } from '../../../services/language.ts'
import { startTeamsServer, type TeamsServer } from './support/teams-server.ts'

const voices = createTranslators()

describe('a member writes in Teams while nothing can be stored', () => {
  let server: TeamsServer
  before(async () => void (server = await startTeamsServer({ redeliverAfterMs: 50 })))
  after(() => server.close())

  for (const language of languages)
    it(`is asked to write again, in ${language}, and what they then write is answered once`, async () => {
      const { t, locale } = voices[language]
      const person = server.newPerson(locale)
      await person.installs()
      await person.waits(seen => seen.some(({ text }) => text === 'echo: conversationUpdate'))
      const { query, transaction } = server.database
      const full = () => Promise.reject(new AppError('storage.full', 'no space'))
      Object.assign(server.database, { query: full, transaction: full })
      const [delivery] = await person.says('pendant')
      assert.equal(delivery?.status, 200)
      await person.waits(seen => seen.some(({ text }) => text === t('error.storageFull')))
      Object.assign(server.database, { query, transaction })
      await person.says('après')
      const seen = await person.waits(all => all.some(({ text }) => text === 'echo: après'))
      assert.equal(seen.filter(({ text }) => text === 'echo: pendant').length, 0)
      assert.equal(seen.filter(({ text }) => text === 'echo: après').length, 1)
    })
})
