import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { forgedActivities } from '../../../emulator/connector/forged-activities.ts'
import { forgedTokens } from '../../../emulator/identity/forged-tokens.ts'
import { startTeamsServer, type TeamsServer } from './support/teams-server.ts'

describe('somebody who is not Microsoft speaks to the bot', () => {
  let server: TeamsServer
  before(async () => void (server = await startTeamsServer()))
  after(() => server.close())

  const genuine = () => {
    const person = server.newPerson()
    return server.connector.activityOf(person.chat, { text: 'bonjour' })
  }
  const stored = async () => (await server.database.query('select 1 from activity')).count

  it('with any of the false tokens that are known: none is taken, and none is told why', async () => {
    const forged = await forgedTokens({ identity: server.identityProvider, serviceUrl: server.connector.serviceUrl })
    assert.ok(forged.length >= 25)
    const texts = new Set<string>()
    for (const { kind, authorization } of forged) {
      const { status, body } = await server.connector.webhook.post(genuine(), authorization)
      assert.equal(status, 401, kind)
      texts.add(body)
    }
    assert.deepEqual([...texts], ['{"error":{"code":"refused"}}'])
    assert.equal(await stored(), 0)
  })

  it('with a token of Microsoft’s beside an activity that it is not for', async () => {
    const authorization = `Bearer ${await server.identityProvider.connectorToken(server.connector.serviceUrl)}`
    for (const { kind, activity } of forgedActivities(genuine())) {
      const { status } = await server.connector.webhook.post(activity, authorization)
      assert.equal(status, 401, kind)
    }
    assert.equal(await stored(), 0)
  })

  it('with a token that lets replies go where the foundation did not allow', async () => {
    const serviceUrl = 'https://smba.trafficmanager.net.attacker.example/emea/'
    const token = await server.identityProvider.connectorToken(serviceUrl)
    const { status } = await server.connector.webhook.post({ ...genuine(), serviceUrl }, `Bearer ${token}`)
    assert.equal(status, 401)
  })

  it('and Microsoft itself is still heard', async () => {
    const person = server.newPerson()
    await person.installs()
    const [delivery] = await person.says('bonjour')
    assert.equal(delivery?.status, 200)
    await person.waits(seen => seen.some(({ text }) => text === 'echo: bonjour'))
  })

  it('asks for keys that do not exist: Microsoft is asked once a minute', async () => {
    const before = server.identityProvider.counts.keys
    const forged = await forgedTokens({ identity: server.identityProvider, serviceUrl: server.connector.serviceUrl })
    for (const { authorization } of forged) await server.connector.webhook.post(genuine(), authorization)
    assert.ok(server.identityProvider.counts.keys - before <= 1, String(server.identityProvider.counts.keys - before))
  })

  it('never fills the log with what it sent', () => {
    const log = server.logged.join('\n')
    assert.doesNotMatch(log, /eyJ|bonjour|Canary|attacker/)
  })
})

describe('Microsoft signs with another key', () => {
  let server: TeamsServer
  before(async () => void (server = await startTeamsServer()))
  after(() => server.close())

  it('which is heard at once, and what the key before it signed is checked anew', async () => {
    const person = server.newPerson()
    await person.says('un')
    const { serviceUrl } = server.connector
    const old = `Bearer ${await server.identityProvider.connectorToken(serviceUrl)}`
    const post = async (authorization: string) =>
      (await server.connector.webhook.post(server.connector.activityOf(person.chat, { text: 'x' }), authorization))
        .status
    assert.equal(await post(old), 200)
    await server.identityProvider.keys.rotate()
    server.identityProvider.keys.retire()
    server.clock.ahead += 61_000
    assert.equal(await post(`Bearer ${await server.identityProvider.connectorToken(serviceUrl)}`), 200)
    assert.equal(await post(old), 401)
  })

  it('while the keys cannot be fetched: what is known still counts, what is not is asked for later', async () => {
    server.identityProvider.outage = 503
    server.clock.ahead += 61_000
    const person = server.newPerson()
    assert.equal((await person.says('deux'))[0]?.status, 200)
    server.identityProvider.outage = undefined
  })
})
