import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { until } from '../channels/support/direct-line-client.ts'
import { copyTemplate } from '../support/fresh-database.ts'
import { startServer, type ServerProcess } from '../support/server-process.ts'
import { fullOr } from '../support/full-numbers.ts'
import { openApplicant, type Applicant } from './support/applicant.ts'
import { lookInto } from './support/base.ts'
import { checkAll } from './support/check-base.ts'
import { createRandom } from './support/random.ts'

const SERVICE_RESTART = 1012
const rounds = fullOr(10, 2)

describe('an operator who stops the server while members use it', { timeout: 20 * 60_000 }, () => {
  const random = createRandom(7)
  let dataDir: string
  let server: ServerProcess
  let applicants: Applicant[] = []

  before(async () => {
    dataDir = await copyTemplate()
    server = await startServer({ dataDir })
    const open = (ppr: string) => openApplicant({ url: server.url, ppr, relatives: [], random, patience: 120_000 })
    applicants = await Promise.all(['1000001', '1000002', '1000005'].map(open))
  })

  after(async () => {
    for (const { member } of applicants) member.close()
    await server.kill()
  })

  /** Goes on from answer to answer; what the stop cuts off is sent again until the next server has it. */
  async function useUntil(isStopping: () => boolean, applicant: Applicant): Promise<void> {
    while (!isStopping()) await applicant.goOn()
  }

  async function stopInTheMiddle(): Promise<void> {
    // Whoever had their answer before the last stop may still be on the way back.
    await until(() => applicants.every(({ member }) => member.isConnected()), 'every page is back')
    const closedBefore = applicants.flatMap(({ member }) => member.closes()).length
    let stopping = false
    const using = applicants.map(applicant => useUntil(() => stopping, applicant))
    await delay(500 + random.below(1500))
    stopping = true
    const ended = await server.stop()
    assert.equal(ended.code, 0, server.output())
    assert.ok(ended.milliseconds < 15_000)
    const waiting = await lookInto(dataDir, ({ database }) => database.query('select position from activity where due'))
    assert.deepEqual(waiting.rows, [], 'what was taken in was answered before the end')
    const closes = applicants.flatMap(({ member }) => member.closes())
    assert.ok(closes.length > closedBefore, 'sockets were closed')
    assert.deepEqual([...new Set(closes)], [SERVICE_RESTART], 'and each was told why')
    server = await startServer({ dataDir, port: Number(new URL(server.url).port) })
    await Promise.all(using)
  }

  it('loses nothing, repeats nothing, and is not kept waiting', async () => {
    for (let round = 1; round <= rounds; round++) await stopInTheMiddle()
    await Promise.all(applicants.map(applicant => applicant.finishRequest()))
    await server.stop()
    await lookInto(dataDir, base => checkAll(base, applicants))
  })
})
