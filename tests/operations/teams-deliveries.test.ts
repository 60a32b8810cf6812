import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { TeamsPerson } from '../../emulator/teams-person.ts'
import { takeReadings } from '../../bot/metrics/readings.ts'
import { startTeamsServer, type TeamsServer } from '../channels/teams/support/teams-server.ts'
import { createBossJobs } from '../../services/storage/boss-jobs.ts'
import type { Jobs } from '../../services/storage/jobs.ts'
import { silentLog } from '../support/silent-log.ts'
import { valueOf } from './support/exposition.ts'

describe('an operator who watches Teams', { timeout: 5 * 60_000 }, () => {
  let server: TeamsServer
  let person: TeamsPerson
  let jobs: Jobs
  before(async () => {
    server = await startTeamsServer({ redeliverAfterMs: 50, answerWithinMs: 4_000 })
    jobs = createBossJobs({ database: server.database, log: silentLog })
    await jobs.start()
    person = server.newPerson()
    await person.installs()
    await heard('echo: conversationUpdate')
  })
  after(async () => {
    await jobs.stop()
    await server.close()
  })

  const heard = (text: string) => person.waits(seen => seen.some(one => one.text.includes(text)))

  async function scrape(): Promise<string> {
    const { database, metrics, now } = server
    const idle = { working: 0, waiting: 0 }
    const sources = { socketsOpen: () => 0, pdfChecks: () => idle, leases: () => ({ held: 0, waiting: 0 }) }
    return metrics.expose(await takeReadings({ database, probes: {}, now, ...sources }))
  }
  const outcome = async (name: string) =>
    valueOf(await scrape(), `moussaada_teams_deliveries_total{outcome="${name}"}`) ?? 0

  async function until(holds: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + 30_000
    while (!(await holds())) {
      assert.ok(Date.now() < deadline, 'it did not come about')
      await sleep(20)
    }
  }

  it('sees what arrived, and at zero what did not', async () => {
    await until(async () => (await outcome('sent')) === 1)
    assert.deepEqual([await outcome('refused'), await outcome('uncertain')], [0, 0])
    assert.equal(valueOf(await scrape(), 'moussaada_teams_waiting'), 0)
  })

  it('sees the chat that waits while Teams has it tried again', async () => {
    server.connector.faults.onCall({ kind: 'status', status: 429, retryAfterSeconds: 2 })
    await person.says('a')
    await until(async () => (await outcome('postponed')) === 1)
    assert.equal(valueOf(await scrape(), 'moussaada_teams_waiting'), 1)
    await heard('echo: a')
    await until(async () => valueOf(await scrape(), 'moussaada_teams_waiting') === 0)
    assert.equal(await outcome('sent'), 2)
  })

  it('sees what may have arrived and is not sent again, and what Teams will not have', async () => {
    server.connector.faults.onCall({ kind: 'reset', acted: true }, { operation: 'send' })
    await person.says('b')
    await until(async () => (await outcome('uncertain')) === 1)
    server.connector.faults.onCall({ kind: 'status', status: 400 }, { operation: 'send' })
    await person.says('c')
    await until(async () => (await outcome('refused')) === 1)
  })

  it('sees apart from these who has removed the assistant', async () => {
    person.blocks()
    await person.says('d')
    await until(async () => (await outcome('blocked')) === 1)
    assert.equal(await outcome('refused'), 1)
    assert.equal(valueOf(await scrape(), 'moussaada_teams_waiting'), 0)
  })
})
