import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { demoPeople } from '../../emulator/demo-people.ts'
import { startEmulator, type Emulator } from '../../emulator/start-emulator.ts'
import { createTeamsPerson, type TeamsPerson } from '../../emulator/teams-person.ts'
import { openApplicant, type Applicant } from '../faults/support/applicant.ts'
import { createRandom } from '../faults/support/random.ts'
import { copyTemplate } from '../support/fresh-database.ts'
import { statusFile } from '../support/proactive.ts'
import { startServer, type ServerProcess } from '../support/server-process.ts'

describe('a member whose dossier is decided on while the power goes', { timeout: 600_000 }, () => {
  let dataDir: string
  let emulator: Emulator
  let server: ServerProcess
  let applicant: Applicant
  let person: TeamsPerson
  const start = (port = 0) => startServer({ dataDir, port, settings: emulator.settings })

  before(async () => {
    dataDir = await copyTemplate()
    emulator = await startEmulator()
    server = await start()
    emulator.connector.setBotUrl(`${server.url}/api/messages`)
    const member = { url: server.url, ppr: '1000001', patience: 120_000 }
    applicant = await openApplicant({ ...member, relatives: [], random: createRandom(1), largest: 100_000 })
    await applicant.finishRequest()
    const [youssef] = demoPeople
    assert.ok(youssef)
    person = createTeamsPerson(emulator, youssef)
    await person.installs()
    await person.says('bonjour')
    await person.waits(seen => seen.filter(({ from }) => from === 'bot').length > 1, 120_000)
  })
  after(async () => {
    applicant?.member.close()
    await server.kill()
    await emulator.close()
    await rm(dataDir, { recursive: true })
  })

  async function operatorSets(status: string): Promise<string> {
    const path = join(dataDir, 'statuses.csv')
    await writeFile(path, statusFile([applicant.submitted.at(-1)?.number ?? '', status]))
    const env = { PATH: process.env['PATH'], DATA_DIR: dataDir, LANG: 'fr_MA.UTF-8' }
    const { promise, resolve } = Promise.withResolvers<string>()
    execFile(process.execPath, ['scripts/dossier-status.ts', path], { env }, (_, output) => resolve(output))
    return await promise
  }
  const sends = () => emulator.connector.calls.filter(({ operation }) => operation === 'send').length
  const told = (pattern: RegExp) =>
    person.sees().filter(({ from, text }) => from === 'bot' && pattern.test(text)).length
  const onTheSite = (pattern: RegExp) =>
    applicant.member.shown().filter(({ role, all }) => role === 'bot' && pattern.test(JSON.stringify(all))).length
  async function until(condition: () => boolean): Promise<void> {
    const deadline = Date.now() + 120_000
    while (!condition()) {
      assert.ok(Date.now() < deadline, 'it did not come about')
      await sleep(100)
    }
  }
  async function powerCut(): Promise<void> {
    const port = Number(new URL(server.url).port)
    await server.kill()
    server = await start(port)
  }

  it('is told once, in Teams and on the site, when nothing had left yet', async () => {
    emulator.connector.faults.onCall({ kind: 'status', status: 503, retryAfterSeconds: 3 }, { operation: 'send' })
    const before = sends()
    assert.match(await operatorSets('accepted'), /statut a changé : 1/)
    await until(() => sends() > before)
    await powerCut()
    await until(() => told(/Acceptée/) === 1 && onTheSite(/Acceptée/) === 1)
    await sleep(6_000)
    assert.deepEqual([told(/Acceptée/), onTheSite(/Acceptée/)], [1, 1])
  })

  it('is told at most once in Teams, and once on the site, when it was on its way', async () => {
    emulator.connector.faults.onCall({ kind: 'slow', ms: 3_000 }, { operation: 'send' })
    const before = sends()
    await operatorSets('paid')
    await until(() => sends() > before)
    await powerCut()
    await until(() => onTheSite(/Virement effectué/) === 1)
    await sleep(7_000)
    assert.ok(told(/Virement effectué/) <= 1)
    assert.equal(onTheSite(/Virement effectué/), 1)
  })

  it('is named in no log, nor is their dossier', () => {
    assert.doesNotMatch(server.output(), /1000001|Amrani|AES-|@/)
  })
})
