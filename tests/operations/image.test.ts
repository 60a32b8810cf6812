import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { freePort } from '../../bot/http/free-port.ts'
import { secretNames } from '../../config/secret-files.ts'
import { startEmulator } from '../../emulator/start-emulator.ts'
import { openApplicant } from '../faults/support/applicant.ts'
import { createRandom } from '../faults/support/random.ts'
import { plainPdf } from '../support/pdfs.ts'
import { ownFolder, startServer, type ServerProcess } from '../support/server-process.ts'
import { buildImage, type Image } from './support/image.ts'
import { openTwoStores, type TwoStores } from './support/two-stores.ts'
import { filledServiceFile } from '../support/service-facts.ts'

/** As the image's account, which owns nothing of the image; who is not root runs it as themselves. */
const account = process.getuid?.() === 0 ? { uid: 65_534 } : {}
const notice = { SERVICE_FILE: filledServiceFile, CNDP_REFERENCE: 'A-1/2026' }

describe('an operator who runs the image', { timeout: 5 * 60_000 }, () => {
  let image: Image
  let stores: TwoStores
  let folder: Awaited<ReturnType<typeof ownFolder>>
  let dataDir: string
  const running: ServerProcess[] = []
  before(async () => {
    image = buildImage(account)
    folder = await ownFolder('image-data')
    stores = await openTwoStores()
    dataDir = join(folder.path, 'data')
    mkdirSync(dataDir)
    for (const path of [folder.path, dataDir]) if (account.uid !== undefined) chownSync(path, account.uid, account.uid)
  })
  after(async () => {
    await Promise.all(running.map(server => server.kill()))
    await stores.close()
    await folder.remove()
    image.remove()
  })

  async function start(settings: Record<string, string> = {}, port = 0): Promise<ServerProcess> {
    const server = await startServer({ dataDir, cwd: image.path, port, settings, ...account })
    running.push(server)
    return server
  }

  /** A whole request, whose file goes through the check. @returns the dossier's number */
  async function submit({ url }: ServerProcess): Promise<string> {
    const applicant = await openApplicant({ url, ppr: '1000002', relatives: [], random: createRandom(11) })
    await applicant.finishRequest()
    applicant.member.close()
    return applicant.submitted[0]?.number ?? ''
  }

  function command(
    script: string,
    args: readonly string[],
    given: { settings?: Record<string, string>; input?: string } = {},
  ) {
    const { settings = {}, input = '' } = given
    const env = { PATH: process.env['PATH'], DATA_DIR: dataDir, LANG: 'fr', INIT_CWD: folder.path, ...settings }
    const ended = spawnSync(process.execPath, [`scripts/${script}`, ...args], {
      cwd: image.path,
      env,
      input,
      encoding: 'utf8',
      ...(account.uid !== undefined && { uid: account.uid, gid: account.uid }),
    })
    return { code: ended.status, said: ended.stdout + ended.stderr }
  }

  function statuses(number: string, settings: Record<string, string> = {}): void {
    writeFileSync(join(folder.path, 'statuses.csv'), `number;status\n${number};accepted\n`)
    const { code, said } = command('dossier-status.ts', ['statuses.csv'], { settings })
    assert.equal(code, 0, said)
  }

  function reseals(settings: Record<string, string> = {}): void {
    const { code, said } = command('reseal-keys.ts', [], { settings })
    assert.equal(code, 0, said)
  }

  function imports(settings: Record<string, string> = {}): void {
    writeFileSync(join(folder.path, 'members.csv'), readFileSync('db/members-template.csv'))
    const { code, said } = command('import-members.ts', ['members.csv', '--replace-demo'], { settings })
    assert.equal(code, 0, said)
  }

  it('judges the files of a list, without a server', () => {
    writeFileSync(join(folder.path, 'one.pdf'), plainPdf())
    const { code, said } = command('check-documents.ts', ['--json'], { input: 'one.pdf\n' })
    assert.equal(code, 0, said)
    assert.match(said, /^\{"file":"one.pdf","verdict":"accept","code":null,"pages":1,/)
  })

  it('has a seventh of what npm installs', () => {
    assert.ok(image.packages < 50e6, `${Math.round(image.packages / 1e6)} MB`)
  })

  it('has its code compiled, for the account that runs it', () => {
    const compiled = readdirSync(join(image.path, 'node_modules/.cache/compiled'), { recursive: true })
    assert.ok(compiled.length > 20, `${compiled.length} files`)
  })

  it('serves whole requests on the embedded database, and its commands work beside it', async () => {
    const server = await start()
    statuses(await submit(server))
    reseals()
    imports()
    assert.equal((await server.stop()).code, 0)
  })

  it('serves whole requests on PostgreSQL and Redis, with Teams and traces, and its commands work', async () => {
    const emulator = await startEmulator({})
    const settings = { ...asFiles(folder.path, stores.settings), ...emulator.settings }
    const server = await start({ ...settings, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' })
    statuses(await submit(server), settings)
    assert.equal(command('verify-base.ts', [], { settings }).code, 0)
    reseals(settings)
    assert.equal((await fetch(server.url)).status, 200)
    assert.equal((await fetch(`${server.url}/metrics`)).status, 200)
    assert.equal((await server.stop()).code, 0)
    imports(settings)
    await emulator.close()
  })

  it('starts in production', async () => {
    const { DEMO_DATA: _, ...urls } = stores.settings
    const SECRET_KEY = `k1:${randomBytes(32).toString('base64')}`
    const address = { NODE_ENV: 'production', PUBLIC_URL: 'https://aide.example.ma', HOST: '127.0.0.1' }
    const DATABASE_URL = await stores.postgres.newDatabase()
    const settings = { ...urls, ...address, ...notice, SECRET_KEY, DATABASE_URL }
    const port = await freePort('127.0.0.1')
    const server = await start(settings, port)
    assert.equal(server.url, 'https://aide.example.ma')
    assert.equal((await fetch(`http://127.0.0.1:${port}/health/ready`)).status, 200)
    await server.kill()
  })
})

/** The secrets among the settings, as Compose hands them in. */
function asFiles(folder: string, settings: Readonly<Record<string, string>>): Record<string, string> {
  const secret = new Set<string>(secretNames)
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => {
      if (!secret.has(name)) return [name, value]
      writeFileSync(join(folder, name), `${value}\n`)
      return [`${name}_FILE`, join(folder, name)]
    }),
  )
}
