import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { loadConfig } from '../config.ts'

const app = {
  MicrosoftAppId: '00000000-1111-4222-8333-444444444444',
  MicrosoftAppPassword: 'secret',
  MicrosoftAppTenantId: '11111111-1111-4111-8111-111111111111',
}
const graph = { GRAPH_BASE_URL: 'https://graph.microsoft.com/v1.0' }

function settingsOf(env: Record<string, string>) {
  const loaded = loadConfig(env)
  assert.ok(loaded.ok, loaded.ok ? '' : loaded.problems.join())
  return loaded.config.graph
}

function problemsOf(env: Record<string, string>): string[] {
  const loaded = loadConfig(env)
  return loaded.ok ? [] : loaded.problems
}

describe('an administrator sets up Microsoft Graph', () => {
  it('has none without an address, and neither archive nor mail unless they are asked for', () => {
    assert.equal(settingsOf(app), undefined)
    assert.deepEqual(settingsOf({ ...app, ...graph }), {
      baseUrl: graph.GRAPH_BASE_URL,
      scope: 'https://graph.microsoft.com/.default',
      archive: undefined,
      mail: undefined,
    })
  })

  it('names the library, its folder and its columns, and the mailbox', () => {
    const more = {
      ARCHIVE_DRIVE_ID: 'b!x',
      ARCHIVE_FOLDER: 'Aide/2026',
      ARCHIVE_COLUMNS: 'number=Numero, ppr=PPR',
      MAIL_FROM: 'assistant@fosmef.example',
    }
    const settings = settingsOf({ ...app, ...graph, ...more })
    const columns = { number: 'Numero', ppr: 'PPR' }
    assert.deepEqual(settings?.archive, { driveId: 'b!x', folder: 'Aide/2026', columns })
    assert.deepEqual(settings.mail, { from: 'assistant@fosmef.example' })
  })

  it('is refused what cannot work, in a line that quotes no value', () => {
    const wrong: Record<string, string>[] = [
      graph,
      { ...app, ARCHIVE_DRIVE_ID: 'b!x' },
      { ...app, MAIL_FROM: 'assistant@fosmef.example' },
      { ...app, ...graph, ARCHIVE_FOLDER: 'Aide' },
      { ...app, ...graph, ARCHIVE_DRIVE_ID: 'b!x', ARCHIVE_COLUMNS: 'rib=RIB' },
      { ...app, ...graph, ARCHIVE_DRIVE_ID: 'b!x', ARCHIVE_COLUMNS: 'number' },
      { ...app, ...graph, ARCHIVE_DRIVE_ID: 'b!x', ARCHIVE_FOLDER: 'a:b' },
      { ...app, ...graph, MAIL_FROM: 'somebody' },
      { ...app, GRAPH_BASE_URL: 'http://graph.example.com/v1.0' },
      { ...app, GRAPH_BASE_URL: 'ftp://127.0.0.1/v1.0' },
    ]
    for (const env of wrong) {
      const problems = problemsOf(env)
      assert.equal(problems.length, 1, JSON.stringify(env))
      assert.doesNotMatch(problems.join(), /somebody|a:b|example|b!x|rib=RIB/)
    }
  })

  it('may use an emulator on this machine', () => {
    assert.equal(
      settingsOf({ ...app, GRAPH_BASE_URL: 'http://127.0.0.1:4000/v1.0' })?.baseUrl,
      'http://127.0.0.1:4000/v1.0',
    )
  })
})
