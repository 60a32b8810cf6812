import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { demoPeople } from '../../emulator/demo-people.ts'
import { startEmulator, type Emulator } from '../../emulator/start-emulator.ts'
import { createTeamsPerson, type TeamsPerson } from '../../emulator/teams-person.ts'
import { accessToken, codeOf, connectorCaller } from './support/call-connector.ts'

const message = (text: string) => ({ type: 'message', text })
const cardOf = (content: object) => ({
  type: 'message',
  attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content }],
})

describe('a bot that calls the connector', () => {
  let emulator: Emulator
  let person: TeamsPerson
  let call: ReturnType<typeof connectorCaller>
  let chat: string
  let clock = Date.parse('2026-11-24T10:00:00Z')

  before(async () => {
    emulator = await startEmulator({ now: () => new Date(clock) })
    call = connectorCaller(emulator, (await accessToken(emulator)).access_token)
    person = createTeamsPerson(emulator, demoPeople[0]!)
    person.chat.installed = true
    chat = `/${encodeURIComponent(person.chat.id)}`
  })
  beforeEach(() => {
    clock += 60_000
    person.chat.messages.length = 0
    emulator.connector.faults.clear()
  })
  after(() => emulator.close())

  const send = (body: unknown) => call('POST', `${chat}/activities`, body)
  const texts = () => person.sees().map(({ text }) => text)

  it('is let in with its own token for the connector only', async () => {
    const graph = (await accessToken(emulator, 'https://graph.microsoft.com/.default')).access_token
    for (const token of ['', 'x.y.z', graph, await emulator.identity.connectorToken(emulator.connector.serviceUrl)])
      assert.equal((await connectorCaller(emulator, token)('POST', `${chat}/activities`, message('no'))).status, 401)
    assert.equal((await send(message('yes'))).status, 201)
    assert.deepEqual(texts(), ['yes'])
  })
  it('sends, edits in place and deletes, each under the id it was given', async () => {
    const { id: first } = (await send(message('one'))).json as { id: string }
    const { id: second } = (await send(message('two'))).json as { id: string }
    assert.ok(BigInt(second) > BigInt(first))
    assert.equal((await call('PUT', `${chat}/activities/${first}`, message('one, edited'))).status, 200)
    assert.deepEqual(texts(), ['one, edited', 'two'])
    assert.equal((await call('DELETE', `${chat}/activities/${second}`)).status, 200)
    assert.equal(
      codeOf(await call('PUT', `${chat}/activities/${second}`, message('x'))),
      'ActivityNotFoundInConversation',
    )
    assert.deepEqual(texts(), ['one, edited'])
  })
  it('is told what Teams does not show', async () => {
    assert.equal((await send({ type: 'trace', name: 'BotState' })).status, 400)
    assert.equal((await send({ type: 'event', name: 'handoff.initiate' })).status, 400)
    assert.equal((await send({ type: 'message', text: ' ' })).status, 400)
    assert.equal((await send(cardOf({ type: 'AdaptiveCard', version: '1.6', body: [] }))).status, 400)
    assert.equal((await send({ type: 'message', attachments: [{ contentType: 'application/pdf' }] })).status, 400)
    assert.equal(codeOf(await send(message('x'.repeat(110_000)))), 'MessageSizeTooBig')
    const text = 'x'.repeat(29_000)
    assert.equal(
      (await send(cardOf({ type: 'AdaptiveCard', version: '1.5', body: [{ type: 'TextBlock', text }] }))).status,
      413,
    )
    assert.deepEqual(texts(), [])
  })
  it('finds the person, and begins the chat that is already there', async () => {
    const { aadObjectId, userPrincipalName } = demoPeople[0]!
    const { userId, id, tenantId } = person.chat
    const member = await call('GET', `${chat}/members/${encodeURIComponent(userId)}`)
    assert.equal((member.json as { userPrincipalName: string }).userPrincipalName, userPrincipalName)
    assert.equal(codeOf(await call('GET', `${chat}/members/29:other`)), 'MemberNotFoundInConversation')
    const begun = await call('POST', '', { members: [{ id: aadObjectId }], tenantId, isGroup: false })
    assert.deepEqual([begun.status, (begun.json as { id: string }).id], [201, id])
    assert.equal((await call('POST', '', { members: [{ id: aadObjectId }], tenantId: 'other' })).status, 400)
  })
  it('is kept out by who blocked it or took the app away', async () => {
    person.blocks()
    assert.equal(codeOf(await send(message('x'))), 'ConversationBlockedByUser')
    person.unblocks()
    await person.uninstalls()
    assert.equal(codeOf(await send(message('x'))), 'BotNotInConversationRoster')
    person.chat.installed = true
    assert.equal(codeOf(await call('POST', '/a:1unknown/activities', message('x'))), 'ConversationNotFound')
    assert.deepEqual(texts(), [])
  })
  it('is slowed down after seven messages in a second, and let on when it has waited', async () => {
    for (let sent = 0; sent < 7; sent++) assert.equal((await send(message(`${sent}`))).status, 201)
    const refused = await send(message('8'))
    assert.deepEqual([refused.status, codeOf(refused), refused.retryAfter], [429, 'Throttled', '1'])
    clock += 1000
    assert.equal((await send(message('8'))).status, 201)
    assert.equal((await send(message('9'))).retryAfter, '1')
  })
  it('is slowed down after fifty messages in a second to whomever', async () => {
    const crowd = demoPeople.slice(0, 8).map(one => emulator.connector.chats.of(one))
    const statuses: number[] = []
    for (const one of crowd) {
      one.installed = true
      for (let sent = 0; sent < 7; sent++)
        statuses.push((await call('POST', `/${encodeURIComponent(one.id)}/activities`, message('all'))).status)
    }
    assert.deepEqual([statuses.indexOf(429), statuses.filter(status => status === 201).length], [50, 50])
  })
  it('meets each fault that was asked for, once, with the message delivered or not', async () => {
    const { faults } = emulator.connector
    for (const status of [412, 502, 504]) {
      faults.onCall({ kind: 'status', status }, { operation: 'send' })
      assert.equal((await send(message(`lost ${status}`))).status, status)
    }
    faults.onCall({ kind: 'status', status: 429, retryAfterSeconds: 2 })
    assert.equal((await send(message('lost'))).retryAfter, '2')
    faults.onCall({ kind: 'status', status: 408, acted: true })
    assert.equal((await send(message('arrived, 408'))).status, 408)
    faults.onCall({ kind: 'reset', acted: true })
    await assert.rejects(send(message('arrived, reset')))
    faults.onCall({ kind: 'reset' })
    await assert.rejects(send(message('lost, reset')))
    assert.equal((await send(message('well'))).status, 201)
    assert.deepEqual(texts(), ['arrived, 408', 'arrived, reset', 'well'])
    assert.deepEqual(
      emulator.connector.calls.slice(-8).map(({ status }) => status),
      [412, 502, 504, 429, 408, 'reset', 'reset', 201],
    )
  })
  it('meets a fault for edits only when it edits', async () => {
    emulator.connector.faults.onCall({ kind: 'status', status: 502 }, { operation: 'update', times: 2 })
    const { id } = (await send(message('one'))).json as { id: string }
    const edit = () => call('PUT', `${chat}/activities/${id}`, message('edited'))
    assert.deepEqual([(await edit()).status, (await edit()).status, (await edit()).status], [502, 502, 200])
  })
})
