import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { startEmulator, type Emulator } from '../../emulator/start-emulator.ts'
import { graphAudience } from '../../emulator/identity/identity-provider.ts'
import { accessToken } from './support/call-connector.ts'

interface Metadata {
  readonly issuer: string
  readonly jwks_uri: string
}
interface KeySet {
  readonly keys: { kid: string; endorsements?: string[] }[]
}

const read = async <T>(url: string): Promise<T> => (await (await fetch(url)).json()) as T

describe('a bot that asks the identity provider', () => {
  let emulator: Emulator
  before(async () => {
    emulator = await startEmulator()
  })
  after(() => emulator.close())

  const keySet = async (): Promise<KeySet> => {
    const { jwks_uri: uri } = await read<Metadata>(emulator.identity.openIdMetadataUrl)
    return await read<KeySet>(uri)
  }

  it("finds the connector's issuer and endorsed keys, by which its tokens verify", async () => {
    const { identity, connector } = emulator
    const metadata = await read<Metadata>(identity.openIdMetadataUrl)
    const token = await identity.connectorToken(connector.serviceUrl)
    const { payload, protectedHeader } = await jwtVerify(token, createRemoteJWKSet(new URL(metadata.jwks_uri)), {
      issuer: metadata.issuer,
      audience: identity.registration.appId,
      algorithms: ['RS256'],
    })
    assert.equal(payload['serviceurl'], connector.serviceUrl)
    const key = (await keySet()).keys.find(({ kid }) => kid === protectedHeader.kid)
    assert.ok(key?.endorsements?.includes('msteams'))
  })
  it('finds the new key beside the old one, and the old one no longer once it is retired', async () => {
    const { keys } = emulator.identity
    const old = keys.current().kid
    await keys.rotate()
    const kids = async (): Promise<string[]> => (await keySet()).keys.map(({ kid }) => kid)
    assert.ok((await kids()).includes(old) && (await kids()).includes(keys.current().kid))
    keys.retire()
    assert.ok(!(await kids()).includes(old) && (await kids()).includes(keys.current().kid))
  })
  it('gets a token for the connector, which is none for Graph, and the other way round', async () => {
    const { identity } = emulator
    const { access_token: forConnector, expires_in: life } = await accessToken(emulator)
    const { access_token: forGraph } = await accessToken(emulator, 'https://graph.microsoft.com/.default')
    assert.equal(life, 3599)
    assert.equal(
      (await identity.readAccessToken(forConnector, 'https://api.botframework.com'))?.tenantId,
      identity.registration.tenantId,
    )
    assert.equal(await identity.readAccessToken(forConnector, graphAudience), undefined)
    assert.ok((await identity.readAccessToken(forGraph, graphAudience))?.roles.includes('User.Read.All'))
    assert.equal(await identity.readAccessToken(forGraph, 'https://api.botframework.com'), undefined)
  })

  const ask = async (change: Record<string, string>, tenant = emulator.identity.registration.tenantId) => {
    const { url, registration } = emulator.identity
    const form = {
      grant_type: 'client_credentials',
      client_id: registration.appId,
      client_secret: registration.appPassword,
      scope: 'https://api.botframework.com/.default',
    }
    const body = new URLSearchParams({ ...form, ...change })
    const answer = await fetch(`${url}/${tenant}/oauth2/v2.0/token`, { method: 'POST', body })
    return [answer.status, ((await answer.json()) as { error?: string }).error]
  }

  it('is refused as Entra refuses', async () => {
    assert.deepEqual(await ask({}), [200, undefined])
    assert.deepEqual(await ask({ client_secret: 'other' }), [401, 'invalid_client'])
    assert.deepEqual(await ask({ client_id: 'other' }), [400, 'unauthorized_client'])
    assert.deepEqual(await ask({ scope: 'https://api.botframework.com' }), [400, 'invalid_scope'])
    assert.deepEqual(await ask({ grant_type: 'password' }), [400, 'unsupported_grant_type'])
    assert.deepEqual(await ask({}, 'other'), [400, 'invalid_request'])
  })
  it('gets nothing during an outage, and all of it afterwards', async () => {
    const { identity } = emulator
    identity.outage = 503
    assert.equal((await fetch(identity.openIdMetadataUrl)).status, 503)
    await assert.rejects(accessToken(emulator))
    identity.outage = undefined
    assert.ok((await accessToken(emulator)).access_token)
  })
})
