import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { startEmulator, type Emulator } from '../../../emulator/start-emulator.ts'
import { openApplicant, type Applicant } from '../../faults/support/applicant.ts'
import { createRandom } from '../../faults/support/random.ts'
import { copyTemplate } from '../../support/fresh-database.ts'
import { startServer, type ServerProcess } from '../../support/server-process.ts'
import { driveId, mailFrom } from './support/desk.ts'

const more = { ARCHIVE_DRIVE_ID: driveId, ARCHIVE_FOLDER: 'Aide', ARCHIVE_COLUMNS: 'ppr=PPR', MAIL_FROM: mailFrom }

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 60_000
  while (!condition()) {
    assert.ok(Date.now() < deadline, 'it did not come about')
    await sleep(100)
  }
}

describe('a member submits in the web chat of an assistant that has Graph', { timeout: 300_000 }, () => {
  let dataDir: string
  let emulator: Emulator
  let server: ServerProcess
  let applicant: Applicant
  const start = (port = 0) => startServer({ dataDir, port, settings: { ...emulator.settings, ...more } })

  before(async () => {
    dataDir = await copyTemplate()
    emulator = await startEmulator()
    server = await start()
    const member = { url: server.url, ppr: '1000001', patience: 120_000 }
    applicant = await openApplicant({ ...member, relatives: [], random: createRandom(1), largest: 500_000 })
  })
  after(async () => {
    applicant?.member.close()
    await server.kill()
    await emulator.close()
    await rm(dataDir, { recursive: true })
  })

  const archived = () => emulator.graph.drive.items.get(`Aide/${applicant.submitted.at(-1)?.number ?? ''}.pdf`)
  const mails = () =>
    emulator.graph.mail
      .delivered()
      .filter(({ body }) => body.content.includes(applicant.submitted.at(-1)?.number ?? '-'))

  it('has the dossier archived and confirmed, and nobody named in the log', async () => {
    await applicant.finishRequest()
    await until(() => archived()?.fields.get('PPR') === '1000001' && mails().length === 1)
    assert.equal(archived()?.bytes.subarray(0, 5).toString('latin1'), '%PDF-')
    assert.doesNotMatch(server.output(), /1000001|@|Amrani|AES-/)
  })

  it('has it once although the power goes while the mail leaves', async () => {
    emulator.graph.faults.plan({ kind: 'slow', ms: 1500 }, { operation: 'send' })
    await applicant.finishRequest()
    await until(() => emulator.graph.asked.filter(asked => asked === 'send').length === 2)
    const port = Number(new URL(server.url).port)
    await server.kill()
    server = await start(port)
    await until(() => archived() !== undefined && mails().length > 0)
    await sleep(2000)
    assert.equal(mails().length, 1)
    assert.equal(archived()?.versions, 1)
  })
})
