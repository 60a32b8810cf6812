import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { copyTemplate } from '../support/fresh-database.ts'
import { startServer, type ServerProcess } from '../support/server-process.ts'
import { openApplicant, type Applicant, type Invocation } from './support/applicant.ts'
import { checkAll, lookInto } from './support/check-base.ts'
import { createRandom } from './support/random.ts'

const SERVICE_RESTART = 1012
const rounds = process.env['FAULTS'] === 'long' ? 10 : 2

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

  /** Everybody answers as fast as they can until a try is not taken. */
  async function useUntilCut(applicant: Applicant): Promise<Invocation> {
    for (;;) {
      const invocation = await applicant.begin()
      if (invocation.outcomes[0]?.kind !== 'ok' || isStopping) return invocation
      await applicant.finish(invocation)
    }
  }
  let isStopping = false

  async function stopInTheMiddle() {
    isStopping = false
    const cut = applicants.map(useUntilCut)
    await delay(500 + random.below(1500))
    isStopping = true
    const ended = await server.stop()
    return { ended, cut: await Promise.all(cut) }
  }

  it('loses nothing, repeats nothing, and is not kept waiting', async () => {
    for (let round = 0; round < rounds; round++) {
      const { ended, cut } = await stopInTheMiddle()
      assert.equal(ended.code, 0, server.output())
      assert.ok(ended.milliseconds < 15_000)
      for (const { member } of applicants) assert.equal(member.closes().at(-1), SERVICE_RESTART)
      const waiting = await lookInto(dataDir, ({ database }) =>
        database.query('select position from activity where due'),
      )
      assert.deepEqual(waiting.rows, [], 'what was taken in was answered before the end')
      server = await startServer({ dataDir, port: Number(new URL(server.url).port) })
      await Promise.all(applicants.map((applicant, index) => finishOf(applicant, cut[index])))
    }
    await server.stop()
    await lookInto(dataDir, base => checkAll(base, applicants))
  })
})

async function finishOf(applicant: Applicant, invocation: Invocation | undefined): Promise<void> {
  if (invocation) await applicant.finish(invocation)
  do await applicant.goOn()
  while (applicant.step() !== 'menu')
}
