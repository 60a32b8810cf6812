import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { createTeamsPerson, type TeamsPerson } from '../../../emulator/teams-person.ts'
import type { PersonResult } from '../../../services/directory/person.ts'
import { directoryOf, employee, startTeamsAssistant, type TeamsAssistant } from './support/assistant.ts'

const TEN_MINUTES = 10 * 60 * 1000

const noteWhatIsStoredFirst = `
create table stored_first (conversation_id text, position int);
create function note_stored_first() returns trigger language plpgsql as $$
  begin insert into stored_first values (new.conversation_id, new.position); return new; end $$;
create trigger note_stored_first after insert on activity for each row when (new.due)
  execute function note_stored_first()`

describe('a member whom the assistant knows writes in Teams', () => {
  const people = new Map<string, PersonResult>()
  let server: TeamsAssistant
  before(async () => {
    server = await startTeamsAssistant({ directory: directoryOf(people) })
    await server.database.query(noteWhatIsStoredFirst)
  })
  after(() => server.close())

  const heard = (person: TeamsPerson, pattern: RegExp) =>
    person.waits(seen => pattern.test(seen.findLast(({ from }) => from === 'bot')?.text ?? ''))

  /** Greeted, with the notice before them. */
  async function open(place: number, ppr: string): Promise<TeamsPerson> {
    const aadObjectId = `c0000000-0000-4000-8000-00000000000${place}`
    people.set(aadObjectId, employee(aadObjectId, ppr))
    const userPrincipalName = `${ppr}@fosmef.example`
    const person = createTeamsPerson(server.emulator, { aadObjectId, name: 'Nom', userPrincipalName, locale: 'fr-FR' })
    await person.installs()
    await person.waits(seen => seen.some(({ buttons }) => buttons.length > 0))
    await person.clicks('Demander')
    await heard(person, /Protection de vos données/)
    return person
  }

  /** What they said last, and whether it was stored with its answer: never by itself, as due. */
  async function lastOf(person: TeamsPerson): Promise<{ text: unknown; withAnswer: unknown }> {
    const { rows } = await server.database.query(
      `select body::jsonb ->> 'text' as text, not exists (
         select from stored_first one where one.conversation_id = said.conversation_id and one.position = said.position
       ) as with_answer
       from activity said join teams_conversation using (conversation_id)
       where account = $1 and direction = 'in' order by position desc limit 1`,
      [person.chat.person.aadObjectId],
    )
    return { text: rows[0]?.['text'], withAnswer: rows[0]?.['with_answer'] }
  }

  const confirmedBy = async (ppr: string) => {
    const { rows } = await server.database.query(
      'select rib_hash is not null as confirmed from draft join member on member.id = member_id where ppr = $1',
      [ppr],
    )
    return rows[0]?.['confirmed']
  }

  it('and what they say is stored with its answer', async () => {
    const person = await open(1, '1000001')
    await person.clicks("J'ai lu et j'accepte")
    await heard(person, /Est-ce bien votre RIB/)
    await person.says('oui')
    await heard(person, /Qui est la personne/)
    assert.deepEqual(await lastOf(person), { text: 'oui', withAnswer: true })
  })

  it('and is answered in the same way after they went away and came back', async () => {
    const person = await open(2, '1000002')
    await person.uninstalls()
    person.chat.installed = true
    await person.says("j'accepte")
    await heard(person, /Est-ce bien votre RIB/)
    assert.deepEqual(await lastOf(person), { text: "j'accepte", withAnswer: false })
    await person.says('oui')
    await heard(person, /Qui est la personne/)
    assert.deepEqual(await lastOf(person), { text: 'oui', withAnswer: true })
  })

  it('but the directory is asked again ten minutes later, and whoever it names since answers for nobody else', async () => {
    const person = await open(3, '1000005')
    await person.clicks("J'ai lu et j'accepte")
    await heard(person, /Est-ce bien votre RIB/)
    const { aadObjectId } = person.chat.person
    people.set(aadObjectId, employee(aadObjectId, '1000003'))
    server.clock.ahead += TEN_MINUTES
    await person.says('oui')
    await person.waits(seen => (seen.findLast(({ from }) => from === 'bot')?.text ?? '').length > 0)
    await person.says('Demander')
    await heard(person, /Protection de vos données/)
    assert.equal(await confirmedBy('1000005'), false)
  })

  it('and ten deliveries of it at once are one', async () => {
    const person = await open(4, '1000004')
    const { connector } = server
    const before = person.sees().length
    const activity = connector.activityOf(person.chat, { type: 'message', text: "j'accepte" })
    await Promise.all(Array.from({ length: 10 }, () => connector.webhook.deliver(activity)))
    await heard(person, /Le RIB enregistré à votre nom est erroné/)
    assert.equal(person.sees().length, before + 1)
  })
})
