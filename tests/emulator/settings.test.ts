import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { loadConfig } from '../../config.ts'
import { startEmulator } from '../../emulator/start-emulator.ts'

describe('an assistant that is given the settings of the emulator', () => {
  it('takes them all, and lives in it as in the cloud', async () => {
    const emulator = await startEmulator()
    const { identity, connector, graph, settings } = emulator
    const loaded = loadConfig({ ...settings })
    await emulator.close()
    assert.ok(loaded.ok)
    const { teams, graph: directory } = loaded.config
    assert.equal(teams?.openIdMetadataUrl, identity.openIdMetadataUrl)
    assert.deepEqual(teams?.serviceHosts, [new URL(connector.serviceUrl).host])
    assert.equal(directory?.baseUrl, `${graph.url}/v1.0`)
    assert.ok(directory?.archive && directory.mail)
  })
})
