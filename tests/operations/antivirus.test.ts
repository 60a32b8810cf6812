import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import pg from 'pg'
import { openApplicant, type Applicant } from '../faults/support/applicant.ts'
import { createRandom } from '../faults/support/random.ts'
import { newClientId } from '../support/direct-line-member.ts'
import { eicar, startFakeClamd, type FakeClamd } from '../support/fake-clamd.ts'
import { pagedPdf } from '../support/pdfs.ts'
import type { ServerProcess } from '../support/server-process.ts'
import { openTwoStores, type TwoStores } from './support/two-stores.ts'

describe('a member who sends a file while ClamAV looks at files', { timeout: 10 * 60_000 }, () => {
  let stores: TwoStores
  let clamd: FakeClamd
  let server: ServerProcess
  let applicant: Applicant

  before(async () => {
    stores = await openTwoStores()
    clamd = await startFakeClamd()
    server = await stores.start({ CLAMD_URL: clamd.url })
    applicant = await openApplicant({ url: server.url, ppr: '1000002', relatives: [], random: createRandom(5) })
    await applicant.reach('document')
  })
  after(async () => {
    applicant?.member.close()
    await server?.kill()
    await Promise.all([clamd?.close(), stores?.close()])
  })

  const goodPdf = (content: string) =>
    pagedPdf(1, { more: [{ dictionary: '/Type /XObject /Subtype /Image', stream: Buffer.from(content) }] })

  async function send(bytes: Buffer): Promise<string> {
    const contentUrl = URL.createObjectURL(new Blob([new Uint8Array(bytes)]))
    const clientId = newClientId()
    const attachments = [{ contentType: 'application/pdf', name: 'dossier.pdf', contentUrl }]
    await applicant.member.sendSurely(clientId, { type: 'message', attachments })
    await applicant.member.answered(clientId)
    return applicant.member
      .shown()
      .slice(-3)
      .map(({ all }) => JSON.stringify(all))
      .join('\n')
  }

  async function documentsKept(): Promise<number> {
    const client = new pg.Client(stores.databaseUrl)
    await client.connect()
    const { rows } = await client.query('select count(*)::int as count from document')
    await client.end()
    return rows[0].count
  }

  it('is told what was found in it, and nothing of it is kept', async () => {
    assert.match(await send(goodPdf(eicar)), /n'a été ni accepté ni conservé/)
    assert.equal(await documentsKept(), 0)
    assert.equal(applicant.step(), 'document')
  })

  it('is asked to try again when nobody can look at it, and nothing that was answered is lost', async () => {
    clamd.behaviour = 'breaks off'
    assert.match(await send(goodPdf('all is well')), /momentanément indisponible/)
    assert.equal(await documentsKept(), 0)
    assert.equal(applicant.step(), 'document')
    clamd.behaviour = 'scans'
  })

  it('goes on once it was found clean, on the very bytes that were stored', async () => {
    const file = goodPdf('all is well')
    await send(file)
    assert.equal(applicant.step(), 'review')
    assert.deepEqual(clamd.shown.at(-1), file)
    assert.equal(await documentsKept(), 1)
  })

  it('leaves a line in the log that says what became of it, without its name', () => {
    const lines = server
      .output()
      .split('\n')
      .filter(line => line.includes('document.scanned'))
    assert.equal(lines.length, 3)
    assert.match(lines[0] ?? '', /"result":"infected".*Win\.Test\.EICAR_HDB-1/)
    assert.ok(!server.output().includes('dossier.pdf'))
  })
})

describe('an operator who has no antivirus', { timeout: 5 * 60_000 }, () => {
  it('is told so once, at the start', async () => {
    const stores = await openTwoStores()
    const server = await stores.start()
    await server.kill()
    await stores.close()
    assert.equal(server.output().split('antivirus.off').length, 2)
  })
})
