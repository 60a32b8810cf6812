import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { after, before, describe, it } from 'node:test'
import pg from 'pg'
import { openTwoStores, type TwoStores } from '../operations/support/two-stores.ts'
import { copyTemplate } from '../support/fresh-database.ts'
import {
  ownFolder,
  runToItsEnd,
  startServer,
  type Ended,
  type ServerOptions,
  type ServerProcess,
} from '../support/server-process.ts'
import { filledServiceFile } from '../support/service-facts.ts'

const secret = `first:${randomBytes(32).toString('base64')}`
const notice = { SERVICE_FILE: filledServiceFile, CNDP_REFERENCE: 'A-1/2026' }
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

/** One line on standard error; on standard output nothing but lines of the log. */
function assertRefused({ code, stdout, stderr }: Ended): void {
  assert.ok(code !== null && code !== 0, String(code))
  assert.match(stderr, /^[^\n{]+\n$/)
  for (const line of stdout.split('\n').filter(Boolean)) assert.ok(JSON.parse(line), line)
}

async function refusedWith(options: ServerOptions): Promise<string> {
  const ended = await runToItsEnd(options)
  assertRefused(ended)
  return ended.stderr
}

/** What is set, and the one line that must say so. */
const refusals: readonly (readonly [why: string, settings: Record<string, string>, line: RegExp])[] = [
  ['no secret in production', without('SECRET_KEY'), /SECRET_KEY is required/],
  [
    'a secret that is too short',
    { SECRET_KEY: 'first:c2hvcnQ=' },
    /SECRET_KEY, entry 1: 5 bytes, at least 32 are needed/,
  ],
  ['a key that is no key', { ...production, SECRET_KEY: secret.slice(6) }, /SECRET_KEY, entry 1: expected id:base64/],
  [
    'two keys of one name',
    { ...production, SECRET_KEY: `${secret},${secret}` },
    /SECRET_KEY names the same key id twice/,
  ],
  ['a secret of zeros', { ...production, SECRET_KEY: `first:${'A'.repeat(43)}=` }, /SECRET_KEY is not random/],
  [
    'a secret from an example',
    { ...production, DIRECTLINE_SECRET: `change-me-${secret.slice(6)}` },
    /DIRECTLINE_SECRET is not random/,
  ],
  ['a token that is too short', { METRICS_TOKEN: 'short' }, /METRICS_TOKEN/],
  ['an antivirus that is no address', { CLAMD_URL: 'http://clamav:3310' }, /CLAMD_URL/],
  [
    'a plain address in production',
    { ...production, PUBLIC_URL: 'http://aide.example.ma' },
    /PUBLIC_URL must be an https/,
  ],
  ['no address in production', without('PUBLIC_URL'), /PUBLIC_URL must be an https/],
  ['demo members in production', { ...production, DEMO_DATA: 'on' }, /DEMO_DATA is refused/],
  ['a database without Redis', { DATABASE_URL: stores.DATABASE_URL }, /DATABASE_URL and REDIS_URL are set together/],
  ['Redis without a database', { REDIS_URL: stores.REDIS_URL }, /DATABASE_URL and REDIS_URL are set together/],
  ['no facts about the foundation', without('SERVICE_FILE'), /SERVICE_FILE is required without demo data/],
  ['facts in a file that is not there', { SERVICE_FILE: '/nowhere/service.json' }, /SERVICE_FILE names a file/],
  [
    'facts in a file of another kind',
    { SERVICE_FILE: 'package.json' },
    /SERVICE_FILE: missing, .*: contact, retention, /,
  ],
  ['a contact where it was', { CONTACT: 'cndp@example.ma' }, /CONTACT has moved: it is « contact » in/],
  ['a retention where it was', { RETENTION: 'cinq ans' }, /RETENTION has moved: it is « retention » in/],
  ['no declaration for the notice', without('CNDP_REFERENCE'), /CNDP_REFERENCE is required/],
  [
    'a secret in a file that is not there',
    { SECRET_KEY_FILE: '/nowhere/secret' },
    /SECRET_KEY_FILE names a file that cannot be read/,
  ],
  [
    'a secret twice',
    { SECRET_KEY: secret, SECRET_KEY_FILE: '/etc/hostname' },
    /SECRET_KEY and SECRET_KEY_FILE are both set/,
  ],
  ['a port that is none', { PORT: 'a lot' }, /PORT: .*expected number/],
  ['a log level that is none', { LOG_LEVEL: 'all' }, /LOG_LEVEL: .*expected one of/],
  ['a weak secret for the portal', { DIRECTLINE_SECRET: 'short' }, /DIRECTLINE_SECRET/],
  [
    'a database that is not there',
    production,
    /^database\.unreachable: the database cannot be reached \(ECONNREFUSED\)$/m,
  ],
]

describe('an operator who starts the server with settings that cannot be', { timeout: 20 * 60_000 }, () => {
  let folder: Awaited<ReturnType<typeof ownFolder>>
  before(async () => {
    folder = await ownFolder('refused')
  })
  after(() => folder.remove())

  for (const [why, settings, line] of refusals)
    it(`is told in one line: ${why}`, async () => {
      const stderr = await refusedWith({ dataDir: folder.path, settings })
      assert.match(stderr, new RegExp(`^.*${line.source}.*\n$`, line.flags))
      for (const value of Object.values(settings)) if (value.length > 12) assert.ok(!stderr.includes(value), stderr)
    })
})

describe('an operator who has set several things that cannot be', () => {
  it('is told of each in a line of its own', async () => {
    const settings = { ...without('SECRET_KEY'), PUBLIC_URL: 'http://aide.example.ma', DEMO_DATA: 'on' }
    const { code, stdout, stderr } = await runToItsEnd({ dataDir: '/nowhere', settings })
    assert.deepEqual([code, stdout], [78, ''])
    const said = stderr
      .trim()
      .split('\n')
      .map(line => /^config\.invalid: (\w+) /.exec(line)?.[1])
    assert.deepEqual(said, ['DEMO_DATA', 'SECRET_KEY', 'PUBLIC_URL'])
  })
})

describe('an operator who starts the server on stores that cannot be', { timeout: 10 * 60_000 }, () => {
  let stores: TwoStores
  before(async () => {
    stores = await openTwoStores()
  })
  after(() => stores.close())

  const refused = (settings: Record<string, string>) =>
    refusedWith({ dataDir: '/nowhere', settings: { ...production, ...settings } })

  it('is told in one line that Redis cannot be reached', async () => {
    const { DATABASE_URL, REDIS_URL } = { ...production, ...stores.settings, REDIS_URL: 'redis://127.0.0.1:1' }
    const line = 'redis.unreachable: REDIS_URL names a server that cannot be reached or refuses the login\n'
    assert.equal(await refused({ DATABASE_URL, REDIS_URL }), line)
  })

  it('is told in one line that the database is of a later version', async () => {
    const { redis } = stores
    const DATABASE_URL = await stores.postgres.newDatabase()
    const client = new pg.Client(DATABASE_URL)
    await client.connect()
    await client.query('create table schema_migration (number int primary key, name text not null)')
    await client.query(`insert into schema_migration values (9999, '9999_later.sql')`)
    await client.end()
    assert.equal(
      await refused({ DATABASE_URL, REDIS_URL: redis.url }),
      'migration.from-future: the database has migration 9999_later.sql, which this version lacks\n',
    )
  })

  it('is told in one line that the database does not exist, or does not take the login', async () => {
    const { databaseUrl, redis } = stores
    const noDatabase = new URL('/none', databaseUrl).href
    const noLogin = databaseUrl.replace('postgres@', 'nobody:a-password@')
    for (const [DATABASE_URL, line] of [
      [noDatabase, 'database.failed: DATABASE_URL names a database that does not exist (3D000)\n'],
      [noLogin, 'database.failed: PostgreSQL refuses the login of DATABASE_URL (28000)\n'],
    ] as const)
      assert.equal(await refused({ DATABASE_URL, REDIS_URL: redis.url }), line)
  })

  it('is told in one line that another program has the port, though the database was brought up to date before', async () => {
    const { databaseUrl: DATABASE_URL, redis } = stores
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const address = taken.address()
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0
    const settings = { ...production, DATABASE_URL, REDIS_URL: redis.url, HOST: '127.0.0.1' }
    const ended = await runToItsEnd({ dataDir: '/nowhere', port, settings })
    taken.close()
    assert.match(ended.stderr, /^start\.failed: listen EADDRINUSE: .* \(EADDRINUSE\)\n$/)
    assert.match(ended.stdout, /"event":"migration\.applied"/)
    assertRefused(ended)
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
    assert.match(await refusedWith({ dataDir }), /^data-dir\.in-use: DATA_DIR .* is in use by another process\n$/)
    assert.equal((await fetch(`${server.url}/health/ready`)).status, 200)
  })
})
