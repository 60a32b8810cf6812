import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { PersonResult } from '../../../services/directory/person.ts'
import { directoryOf, employee, startTeamsAssistant, type TeamsAssistant } from './support/assistant.ts'

describe('the foundation lets Teams show the digits of a RIB', () => {
  const people = new Map<string, PersonResult>()
  let server: TeamsAssistant
  before(async () => {
    server = await startTeamsAssistant({ directory: directoryOf(people), settings: { ribInTeams: 'full' } })
  })
  after(() => server.close())

  it('to their owner while they are asked to confirm it, and no longer', async () => {
    const person = server.newPerson()
    const { aadObjectId } = person.chat.person
    people.set(aadObjectId, employee(aadObjectId, '1000001'))
    const digits = /190\s?170\s?2111103742260015\s?07/
    const shows = (wanted: boolean) =>
      person.waits(seen => seen.some(({ text }) => digits.test(text.replaceAll(/[\s\u2066-\u2069]/g, ''))) === wanted)
    const isThere = (title: string) =>
      person.waits(seen => seen.some(({ buttons }) => buttons.some(button => button.title === title)))
    await person.installs()
    for (const title of ['Demander', "J'ai lu et j'accepte"]) {
      await isThere(title)
      await person.clicks(title)
    }
    await shows(true)
    await person.clicks('Confirmer')
    await isThere('Conjoint(e)')
    await shows(false)
    const { rows } = await server.database.query("select 1 from activity where body like '%1103742%'")
    assert.equal(rows.length, 0)
  })
})
