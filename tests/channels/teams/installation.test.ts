import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { TeamsPerson } from '../../../emulator/teams-person.ts'
import { startTeamsServer, type TeamsServer } from './support/teams-server.ts'

const greeting = 'echo: conversationUpdate'

describe('a member adds the assistant to Teams, removes it and adds it again', () => {
  let server: TeamsServer
  before(async () => void (server = await startTeamsServer()))
  after(() => server.close())

  const greetings = (person: TeamsPerson) => person.sees().filter(({ text }) => text === greeting).length
  const greeted = (person: TeamsPerson, times: number) =>
    person.waits(seen => seen.filter(({ text }) => text === greeting).length === times)
  const heard = (person: TeamsPerson, text: string) => person.waits(seen => seen.some(one => one.text.includes(text)))

  async function isBlocked(person: TeamsPerson): Promise<boolean> {
    const { rows } = await server.database.query('select blocked_at from teams_conversation where account = $1', [
      person.chat.person.aadObjectId,
    ])
    return rows[0]?.['blocked_at'] != null
  }

  for (const one of ['conversationUpdate', 'add', 'add-upgrade'] as const)
    it(`and is greeted once by ${one} alone`, async () => {
      const person = server.newPerson()
      await person.installs([one])
      await greeted(person, 1)
      await person.says('bonjour')
      await heard(person, 'echo: bonjour')
      assert.equal(greetings(person), 1)
    })

  for (const again of [['add'], ['add-upgrade'], ['conversationUpdate', 'add'], ['add', 'conversationUpdate']] as const)
    it(`and hears from it again after ${again.join(' and ')}, greeted once more`, async () => {
      const person = server.newPerson()
      await person.installs()
      await greeted(person, 1)
      await person.uninstalls()
      assert.equal(await isBlocked(person), true)
      await person.installs(again)
      await greeted(person, 2)
      assert.equal(await isBlocked(person), false)
      await person.says('me revoilà')
      await heard(person, 'echo: me revoilà')
      assert.equal(greetings(person), 2)
    })

  it('and a new version of the app changes nothing for them', async () => {
    const person = server.newPerson()
    await person.installs()
    await greeted(person, 1)
    await person.sendsAlone('installationUpdate remove-upgrade')
    assert.equal(await isBlocked(person), false)
    await person.sendsAlone('installationUpdate add-upgrade')
    await person.says('un')
    await heard(person, 'echo: un')
    assert.equal(greetings(person), 1)
  })

  it('and whatever else Microsoft sends, alone and before anything else, is answered well and not with an error', async () => {
    for (const name of server.newPerson().unaskedNames()) {
      const [delivery] = await server.newPerson().sendsAlone(name)
      const unknown = name.startsWith('invoke') && !/signin|fileConsent/.test(name)
      assert.equal(delivery?.status, unknown ? 501 : 200, name)
    }
    assert.doesNotMatch(server.logged.join('\n'), /teams\.failed|"level":"error"/)
  })
})

describe('a member’s ids are no RFC UUIDs, and they are known and answered all the same', () => {
  // As Microsoft 365 Agents Playground and migrated directories have them.
  const tenantId = '00000000-0000-0000-0000-0000000000001'
  let server: TeamsServer
  before(async () => void (server = await startTeamsServer({ tenantId })))
  after(() => server.close())

  for (const aadObjectId of [
    '00000000-0000-0000-0000-0000000000020',
    '5A6b7C8d-1111-0222-0333-abcdefabcdef',
    'Ünique/iD==',
  ])
    it(`as ${aadObjectId}`, async () => {
      const person = server.newPerson('fr-FR', aadObjectId)
      await person.installs(['add'])
      await person.says('bonjour')
      await person.waits(seen => seen.some(({ text }) => text === 'echo: bonjour'))
      const { rows } = await server.database.query(
        'select account from teams_conversation where account_name = $1 and teams_id = $2',
        ['Canary Name', person.chat.id],
      )
      const isGuid = aadObjectId.length === 36
      assert.deepEqual(rows, [{ account: isGuid ? aadObjectId.toLowerCase() : aadObjectId }])
    })

  it('but not when they are longer than any id, or hold what is no sign', async () => {
    for (const aadObjectId of ['a'.repeat(501), 'a\u0000b', '']) {
      const person = server.newPerson('fr-FR', aadObjectId)
      assert.equal((await person.says('bonjour'))[0]?.status, 401)
    }
  })
})
