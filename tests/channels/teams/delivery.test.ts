import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'node:test'
import type { TeamsPerson } from '../../../emulator/teams-person.ts'
import { startTeamsServer, type TeamsServer } from './support/teams-server.ts'

describe('a member is answered in Teams', () => {
  let server: TeamsServer
  before(async () => void (server = await startTeamsServer({ redeliverAfterMs: 50, answerWithinMs: 4_000 })))
  after(() => server.close())
  afterEach(() => server.connector.faults.clear())

  async function open(locale?: string): Promise<TeamsPerson> {
    const person = server.newPerson(locale)
    await person.installs()
    await person.waits(seen => seen.some(({ text }) => text === 'echo: conversationUpdate'))
    return person
  }
  const answers = (person: TeamsPerson) =>
    person
      .sees()
      .filter(({ from }) => from === 'bot')
      .map(({ text }) => text)
  const heard = (person: TeamsPerson, text: string) => person.waits(seen => seen.some(one => one.text.includes(text)))
  const sends = (person: TeamsPerson) =>
    server.connector.calls.filter(({ operation, chatId }) => operation === 'send' && chatId === person.chat.id)

  it('once, when they add the assistant and Teams says so twice', async () => {
    const person = await open()
    await person.installs()
    await person.says('un')
    await heard(person, 'echo: un')
    assert.deepEqual(answers(person), ['echo: conversationUpdate', 'echo: un'])
  })

  it('once, when Teams delivers a message twice under one id', async () => {
    const person = await open()
    server.connector.faults.onDelivery('duplicate')
    await person.says('deux')
    await person.says('trois')
    await heard(person, 'echo: trois')
    assert.deepEqual(answers(person).slice(1), ['echo: deux', 'echo: trois'])
  })

  it('in the place of what was edited, which shows what it says now', async () => {
    const person = await open()
    await person.says('avant')
    await heard(person, 'echo: avant')
    await person.says('strike')
    await heard(person, 'echo: strike')
    const seen = await heard(person, 'struck')
    assert.deepEqual(
      seen.filter(({ from }) => from === 'bot').map(({ text, edits }) => [text, edits]),
      [
        ['echo: conversationUpdate', 0],
        ['struck', 1],
        ['echo: strike', 0],
      ],
    )
  })

  for (const status of [412, 429, 502, 503, 504])
    it(`later, when Teams answers ${status}, and in the order in which it was said`, async () => {
      const person = await open()
      server.connector.faults.onCall({ kind: 'status', status, ...(status === 429 && { retryAfterSeconds: 1 }) })
      await person.says('a')
      await person.says('b')
      await heard(person, 'echo: b')
      // What waited together may leave as one message.
      assert.equal(answers(person).slice(1).join('\n\n'), 'echo: a\n\necho: b')
    })

  for (const [name, fault] of [
    ['answers 408 after it has shown it', { kind: 'status', status: 408, acted: true }],
    ['answers 500 after it has shown it', { kind: 'status', status: 500, acted: true }],
    ['breaks the line after it has shown it', { kind: 'reset', acted: true }],
  ] as const)
    it(`once, when Teams ${name}`, async () => {
      const person = await open()
      server.connector.faults.onCall(fault, { operation: 'send' })
      await person.says('c')
      await heard(person, 'echo: c')
      await person.says('d')
      await heard(person, 'echo: d')
      assert.deepEqual(answers(person).slice(1), ['echo: c', 'echo: d'])
    })

  it('with the edit again and again, until it has taken', async () => {
    const person = await open()
    await person.says('e')
    await heard(person, 'echo: e')
    server.connector.faults.onCall({ kind: 'reset' }, { operation: 'update' })
    server.connector.faults.onCall({ kind: 'status', status: 500 }, { operation: 'update' })
    await person.says('strike')
    await heard(person, 'echo: strike')
    await heard(person, 'struck')
    assert.deepEqual(answers(person).slice(1), ['struck', 'echo: strike'])
  })

  it('no more once they have blocked the assistant, and again from when they are back', async () => {
    const person = await open()
    person.blocks()
    await person.says('f')
    const { aadObjectId } = person.chat.person
    const isBlocked = async () => {
      const sql = 'select 1 from teams_conversation where account = $1 and blocked_at is not null'
      return (await server.database.query(sql, [aadObjectId])).count === 1
    }
    await untilTrue(isBlocked)
    const before = sends(person).length
    person.unblocks()
    await person.says('h')
    await heard(person, 'echo: h')
    assert.deepEqual(answers(person).slice(1), ['echo: h'])
    assert.equal(sends(person).length - before, 1)
  })

  it('no faster than Teams takes it', async () => {
    const person = await open()
    for (let index = 0; index < 12; index++) await person.says(`n${index}`)
    await heard(person, 'echo: n11')
    assert.deepEqual(
      sends(person).filter(({ status }) => status === 429),
      [],
    )
  })

  it('not at all to a reaction, and in a channel with where to go', async () => {
    const person = await open()
    await person.reacts(person.sees()[0]?.id ?? '')
    const before = answers(person).length
    await person.sends({
      type: 'message',
      text: '<at>Moussaada</at> ma maladie',
      conversation: { id: person.chat.id, conversationType: 'channel', tenantId: person.chat.tenantId },
    })
    await heard(person, 'conversation privée')
    assert.equal(answers(person).length, before + 1)
    const { rows } = await server.database.query("select 1 from activity where body like '%maladie%'")
    assert.equal(rows.length, 0)
  })

  it('with an answer of its own to an invoke', async () => {
    const person = await open()
    assert.equal((await person.sends({ type: 'invoke', name: 'signin/verifyState', value: {} }))[0]?.status, 200)
    assert.equal((await person.sends({ type: 'invoke', name: 'task/fetch', value: {} }))[0]?.status, 501)
  })

  it('with any RIB that they type hidden before it is kept', async () => {
    const person = await open()
    await person.says('mon rib est 190170211110374226001507')
    await heard(person, 'mon rib est')
    const { rows } = await server.database.query("select 1 from activity where body like '%110374226001507%'")
    assert.equal(rows.length, 0)
  })

  it('and nothing that they said, and nobody’s name, is in the log', () => {
    assert.doesNotMatch(server.logged.join('\n'), /echo|Canary|eyJ|a:1|29:1|mon rib/)
  })
})

async function untilTrue(isTrue: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    if (await isTrue()) return
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  assert.fail('it did not become true')
}
