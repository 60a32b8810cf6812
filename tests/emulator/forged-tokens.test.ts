import assert from 'node:assert/strict'
import { after, before, describe, it, mock } from 'node:test'
import { forgedActivities } from '../../emulator/connector/forged-activities.ts'
import { startLoopbackServer } from '../../emulator/http/loopback-server.ts'
import { demoPeople } from '../../emulator/demo-people.ts'
import { forgedTokens } from '../../emulator/identity/forged-tokens.ts'
import { startEmulator, type Emulator } from '../../emulator/start-emulator.ts'
import { createTeamsPerson, type TeamsPerson } from '../../emulator/teams-person.ts'
import { startStockBot, type StockBot } from './support/stock-bot.ts'

/** Where Microsoft's archived SDK is laxer than a bot may be. */
const acceptedBySdk = ['without an end', 'by a key without endorsements']
const activitiesAcceptedBySdk = [
  'without a serviceUrl',
  'with an empty serviceUrl',
  'of another channel',
  'without a sender',
  'without a conversation',
  'of another tenant',
  'of no tenant',
]

describe('an attacker who forges what the connector signs', () => {
  let emulator: Emulator
  let bot: StockBot
  let person: TeamsPerson
  let heard: string[] = []
  let seenByAttacker = 0

  before(async () => {
    // The SDK writes every refusal with the key that it tried.
    mock.method(console, 'error', () => undefined)
    emulator = await startEmulator()
    bot = await startStockBot(emulator.settings, async ({ activity }) => {
      heard.push(activity.text ?? '')
    })
    emulator.connector.setBotUrl(bot.url)
    person = createTeamsPerson(emulator, demoPeople[0]!)
  })
  after(async () => {
    mock.restoreAll()
    await bot.close()
    await emulator.close()
  })

  it('is refused by the SDK in all ways but those known of it, and nobody asks for the keys named in a header', async () => {
    const attacker = await startLoopbackServer({
      'GET /:any': () => {
        seenByAttacker++
        return { status: 404 }
      },
    })
    const { identity, connector } = emulator
    const { serviceUrl } = connector
    const forged = await forgedTokens({ identity, serviceUrl, attackerUrl: attacker.url })
    assert.ok(forged.length >= 45, `${forged.length} kinds`)
    assert.equal(new Set(forged.map(({ authorization }) => authorization)).size, forged.length)
    heard = []
    for (const { kind, authorization } of forged) {
      const activity = connector.activityOf(person.chat, { text: kind })
      await connector.webhook.post(activity, authorization)
    }
    await attacker.close()
    assert.deepEqual(heard, acceptedBySdk)
    assert.equal(seenByAttacker, 0)
  })
  it('is refused by the SDK for most activities beside a genuine token, and not where it does not look', async () => {
    const { identity, connector } = emulator
    const authorization = `Bearer ${await identity.connectorToken(connector.serviceUrl)}`
    const accepted: string[] = []
    for (const { kind, activity } of forgedActivities(connector.activityOf(person.chat, { text: 'forged' }))) {
      heard = []
      // The SDK would ask a host of Microsoft's for its keys.
      if (kind !== 'of a channel with its own validator') await connector.webhook.post(activity, authorization)
      if (heard.length > 0) accepted.push(kind)
    }
    assert.deepEqual(accepted, activitiesAcceptedBySdk)
  })
  it('cannot be told from the connector by anything but the token', async () => {
    heard = []
    const [delivery] = await person.says('genuine')
    assert.deepEqual([delivery?.status, heard], [200, ['genuine']])
  })
})
