import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { promisify } from 'node:util'
import pg from 'pg'
import { z } from 'zod'
import { openApplicant } from '../faults/support/applicant.ts'
import { createRandom } from '../faults/support/random.ts'
import { binaries } from '../support/private-postgres.ts'
import { ownFolder } from '../support/server-process.ts'
import { openTwoStores, type TwoStores } from './support/two-stores.ts'

const run = promisify(execFile)
const reportSchema = z.object({
  members: z.number(),
  dossiers: z.number(),
  documents: z.number(),
  ribs: z.number(),
  broken: z.array(z.object({ what: z.string(), id: z.string(), code: z.string() })),
})

describe('an operator who restores a backup into an empty database', { timeout: 15 * 60_000 }, () => {
  let stores: TwoStores
  let folder: Awaited<ReturnType<typeof ownFolder>>
  let restored: string
  let told: string[]

  before(async () => {
    stores = await openTwoStores()
    folder = await ownFolder('backup')
    told = await submitTwo()
    const dump = join(folder.path, 'moussaada.dump')
    await run(binary('pg_dump'), ['--format=custom', `--file=${dump}`, stores.databaseUrl])
    restored = await stores.postgres.newDatabase()
    await run(binary('pg_restore'), ['--exit-on-error', '--no-owner', `--dbname=${restored}`, dump])
  })
  after(async () => {
    await Promise.all([stores.close(), folder.remove()])
  })

  const binary = (name: string) => join(binaries(), name)

  async function submitTwo(): Promise<string[]> {
    const server = await stores.start()
    const numbers: string[] = []
    for (const ppr of ['1000002', '1000005']) {
      const applicant = await openApplicant({ url: server.url, ppr, relatives: [], random: createRandom(7) })
      await applicant.finishRequest()
      numbers.push(...applicant.submitted.map(({ number }) => number))
      applicant.member.close()
    }
    await server.stop()
    return numbers
  }

  async function verify(settings: Record<string, string> = {}) {
    const env = { PATH: process.env['PATH'], ...stores.settings, DATABASE_URL: restored, ...settings }
    const ended = await run(process.execPath, ['scripts/verify-base.ts'], { env }).then(
      ({ stdout }) => ({ code: 0, stdout }),
      (error: { code: number; stdout: string }) => error,
    )
    return { code: ended.code, report: reportSchema.parse(JSON.parse(ended.stdout)) }
  }

  it('finds every dossier that a member was told of', async () => {
    const client = new pg.Client(restored)
    await client.connect()
    const { rows } = await client.query('select number from dossier order by number')
    await client.end()
    assert.deepEqual(
      rows.map(row => row.number),
      told.toSorted(),
    )
    assert.equal(told.length, 2)
  })

  it('opens every document and every RIB with the keys', async () => {
    const { code, report } = await verify()
    assert.deepEqual(report, { members: 5, dossiers: 2, documents: 2, ribs: report.ribs, broken: [] })
    assert.equal(code, 0)
    assert.ok(report.ribs >= 6)
  })

  it('learns that the keys are not those of the backup', async () => {
    const { code, report } = await verify({ SECRET_KEY: `other:${randomBytes(32).toString('base64')}` })
    assert.equal(code, 1)
    assert.equal(report.broken.length, report.documents + report.ribs)
    assert.ok(report.broken.every(({ code }) => code === 'key.unknown'))
  })

  it('learns which document is damaged', async () => {
    const client = new pg.Client(restored)
    await client.connect()
    const flip = `update document_chunk set sealed = set_byte(sealed, 40, get_byte(sealed, 40) # 1)
      where document_id = (select min(document_id::text)::uuid from document_chunk) and number = 0 returning document_id`
    const { rows } = await client.query(flip)
    await client.end()
    const { code, report } = await verify()
    assert.deepEqual(report.broken, [{ what: 'document', id: rows[0].document_id, code: 'sealed.broken' }])
    assert.equal(code, 1)
  })

  it('lets members go on from it', async () => {
    const server = await stores.start({ DATABASE_URL: restored })
    const applicant = await openApplicant({ url: server.url, ppr: '1000002', relatives: [], random: createRandom(8) })
    await applicant.finishRequest()
    assert.ok(!told.includes(applicant.submitted[0]?.number ?? ''), 'a number is never given twice')
    applicant.member.close()
    await server.kill()
  })
})
