import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { demoPeople } from '../../emulator/demo-people.ts'
import { startLoopbackServer, type LoopbackServer } from '../../emulator/http/loopback-server.ts'
import { startEmulator, type Emulator } from '../../emulator/start-emulator.ts'
import { createTeamsPerson, type TeamsPerson } from '../../emulator/teams-person.ts'

const heardSchema = z.looseObject({
  id: z.string(),
  type: z.string(),
  timestamp: z.string(),
  text: z.string().optional(),
  from: z.looseObject({ aadObjectId: z.string() }),
  conversation: z.looseObject({ id: z.string(), tenantId: z.string() }),
  attachments: z.array(z.looseObject({ contentType: z.string() })).optional(),
})

describe('a person whose words the connector brings to the bot', () => {
  let emulator: Emulator
  let bot: LoopbackServer
  let person: TeamsPerson
  let heard: z.infer<typeof heardSchema>[] = []
  let lateMs = 0

  before(async () => {
    emulator = await startEmulator({ answerWithinMs: 200, redeliverAfterMs: 50 })
    bot = await startLoopbackServer({
      'POST /api/messages': async call => {
        const bytes = await call.bytes(1024 * 1024)
        heard.push(heardSchema.parse(JSON.parse(bytes?.toString('utf8') ?? '')))
        await sleep(lateMs)
        return { status: 200 }
      },
    })
    emulator.connector.setBotUrl(`${bot.url}/api/messages`)
    person = createTeamsPerson(emulator, demoPeople[1]!)
  })
  beforeEach(() => {
    heard = []
    lateMs = 0
  })
  after(async () => {
    await bot.close()
    await emulator.close()
  })

  it('is announced at the installation, with their directory id, tenant and language', async () => {
    await person.installs()
    assert.deepEqual(
      heard.map(({ type }) => type),
      ['conversationUpdate', 'installationUpdate'],
    )
    const [update] = heard
    assert.equal(update?.from.aadObjectId, demoPeople[1]!.aadObjectId)
    assert.equal(update?.conversation.tenantId, emulator.identity.registration.tenantId)
    assert.equal(update?.['locale'], 'ar-SA')
    assert.match(update?.conversation.id ?? '', /^a:1/)
  })
  it('is heard once by a bot that answers in time', async () => {
    await person.says('مرحبا')
    assert.deepEqual(
      heard.map(({ text }) => text),
      ['مرحبا'],
    )
    assert.equal(heard[0]?.attachments?.[0]?.contentType, 'text/html')
  })
  it('is heard again by a bot that answers late: twice under one id, twice under another', async () => {
    lateMs = 300
    const attempts = await person.says('bonjour')
    assert.deepEqual(
      attempts.map(({ status }) => status),
      ['late', 'late', 'late', 'late'],
    )
    const ids = heard.map(({ id }) => id)
    assert.equal(ids.length, 4)
    assert.ok(ids[0] === ids[1] && ids[1] !== ids[2] && ids[2] === ids[3])
    assert.ok(heard[2]!.timestamp > heard[1]!.timestamp)
  })
  it('is heard twice, again, or after their next words on demand', async () => {
    const { faults } = emulator.connector
    faults.onDelivery('duplicate')
    await person.says('twice')
    assert.equal(heard[0]?.id, heard[1]?.id)
    faults.onDelivery('redelivered')
    await person.says('again')
    assert.equal(heard.length, 6)
    faults.onDelivery('held')
    assert.deepEqual(await person.says('first'), [])
    await person.says('second')
    assert.deepEqual(
      heard.slice(6).map(({ text }) => text),
      ['second', 'first'],
    )
  })
  it('is told when the bot cannot be reached', async () => {
    const { connector } = emulator
    connector.setBotUrl('http://127.0.0.1:9/api/messages')
    assert.equal((await person.says('hello'))[0]?.status, 'unreachable')
    connector.setBotUrl(`${bot.url}/api/messages`)
  })
})
