import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { copyTemplate } from '../support/fresh-database.ts'
import { ownFolder, runToItsEnd, startServer, type ServerProcess } from '../support/server-process.ts'

const secret = `first:${Buffer.alloc(32, 7).toString('base64')}`
const notice = { CONTACT: 'cndp@example.ma', RETENTION: 'cinq ans', CNDP_REFERENCE: 'A-1/2026' }
const stores = { DATABASE_URL: 'postgres://127.0.0.1:1/none', REDIS_URL: 'redis://127.0.0.1:1' }
const production = {
  NODE_ENV: 'production',
  PUBLIC_URL: 'https://aide.example.ma',
  SECRET_KEY: secret,
  ...notice,
  ...stores,
}

function without(name: keyof typeof production): Record<string, string> {
  return Object.fromEntries(Object.entries(production).filter(([key]) => key !== name))
}

/** What is set, and the one line that must say so. */
const refusals: readonly (readonly [why: string, settings: Record<string, string>, line: RegExp])[] = [
  ['no secret in production', without('SECRET_KEY'), /SECRET_KEY is required/],
  ['a secret that is too short', { SECRET_KEY: 'first:c2hvcnQ=' }, /SECRET_KEY|key/i],
  [
    'a plain address in production',
    { ...production, PUBLIC_URL: 'http://aide.example.ma' },
    /PUBLIC_URL must be an https/,
  ],
  ['no address in production', without('PUBLIC_URL'), /PUBLIC_URL must be an https/],
  ['demo members in production', { ...production, DEMO_DATA: 'on' }, /DEMO_DATA is refused/],
  ['a database without Redis', { DATABASE_URL: stores.DATABASE_URL }, /DATABASE_URL and REDIS_URL are set together/],
  ['Redis without a database', { REDIS_URL: stores.REDIS_URL }, /DATABASE_URL and REDIS_URL are set together/],
  ['no contact for the notice', without('CONTACT'), /CONTACT is required/],
  ['no retention for the notice', without('RETENTION'), /RETENTION is required/],
  ['no declaration for the notice', without('CNDP_REFERENCE'), /CNDP_REFERENCE is required/],
  ['a port that is none', { PORT: 'a lot' }, /PORT/],
  ['a log level that is none', { LOG_LEVEL: 'all' }, /LOG_LEVEL/],
  ['a weak secret for the portal', { DIRECTLINE_SECRET: 'short' }, /DIRECTLINE_SECRET/],
  ['a database that is not there', production, /database\.unreachable/],
]

describe('an operator who starts the server with settings that cannot be', { timeout: 20 * 60_000 }, () => {
  let folder: Awaited<ReturnType<typeof ownFolder>>
  before(async () => {
    folder = await ownFolder('refused')
  })
  after(() => folder.remove())

  for (const [why, settings, line] of refusals)
    it(`is told in one line: ${why}`, async () => {
      const { code, stdout, stderr } = await runToItsEnd({ dataDir: folder.path, settings })
      assert.notEqual(code, 0)
      assert.equal(stdout, '')
      const lines = stderr.trim().split('\n')
      assert.equal(lines.length, 1, stderr)
      assert.match(stderr, line)
      for (const value of Object.values(settings)) if (value.length > 12) assert.ok(!stderr.includes(value), stderr)
    })
})

describe('an operator who starts a second server on the same data', { timeout: 10 * 60_000 }, () => {
  let server: ServerProcess
  let dataDir: string
  before(async () => {
    dataDir = await copyTemplate()
    server = await startServer({ dataDir })
  })
  after(() => server.kill())

  it('is refused in one line, and the first goes on', async () => {
    const { code, stdout, stderr } = await runToItsEnd({ dataDir })
    assert.notEqual(code, 0)
    assert.equal(stdout, '')
    assert.match(stderr, /^data-dir\.in-use: DATA_DIR .* is in use by another process\n$/)
    assert.equal((await fetch(`${server.url}/health/ready`)).status, 200)
  })
})
