import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { until } from '../channels/support/direct-line-client.ts'
import type { Applicant } from './support/applicant.ts'
import { checkAll } from './support/check-base.ts'
import { useCluster } from './support/cluster.ts'
import { useCrowd } from './support/crowd.ts'
import { createRandom } from './support/random.ts'

const isLong = process.env['FAULTS'] === 'long'
const seed = Number(process.env['FAULTS_SEED'] ?? Date.now() % 1_000_000)
/** Requests that are made while the server falls again and again. */
const submits = isLong ? 100 : 6
const together = isLong ? 10 : 6
/** Milliseconds: the server is away for most of the time, and a machine that is busy takes 10 s to start it. */
const patience = 240_000
/** Milliseconds in which nothing passes. */
const heldFor = isLong ? 30_000 : 16_000
/** Milliseconds that a member waits for a sentence at most, and that everything takes to be well again. */
const TURN_LIMIT = 15_000
const RECOVERY_LIMIT = 10_000

describe('members in the chat while PostgreSQL comes and goes', { timeout: 60 * 60_000 }, () => {
  const random = createRandom(seed)
  const cluster = useCluster({ members: submits + together * 2 + 3 })
  const crowd = useCrowd(cluster, random)

  /** One fall after the other, fast and immediate, until all is done. */
  async function fallWhile(isOn: () => boolean): Promise<number> {
    const { postgres } = cluster()
    let falls = 0
    while (isOn()) {
      await delay(1_000 + random.below(2_000))
      await postgres.stop(falls++ % 2 === 0 ? 'fast' : 'immediate')
      await delay(random.below(1_000))
      await postgres.start()
    }
    return falls
  }

  /** One request, of a member of its own, from the greeting to the number. */
  async function wholeRequest(): Promise<Applicant[]> {
    const [applicant] = await crowd.come(1, { mayApologise: true, patience })
    await applicant?.finishRequest()
    return applicant ? [applicant] : []
  }

  it(`stores each of ${submits} requests once, through restarts and crashes`, async (t: TestContext) => {
    t.diagnostic(`seed ${seed}`)
    let left = submits
    let isOn = true
    const falling = fallWhile(() => isOn)
    const lanes = Array.from({ length: together }, async () => {
      while (left-- > 0) await wholeRequest()
    })
    await Promise.allSettled(lanes)
    isOn = false
    const falls = await falling
    await Promise.all(lanes)
    t.diagnostic(`${falls} falls, ${apologies()} apologies`)
    await checkAll(cluster().base, crowd.all())
    assertAlive()
  })

  it('is well again by itself within seconds', async () => {
    const { postgres } = cluster()
    await postgres.stop('immediate')
    await postgres.start()
    const begun = performance.now()
    const [applicant] = await crowd.come(1, { mayApologise: true })
    await applicant?.goOn()
    assert.ok(performance.now() - begun < RECOVERY_LIMIT)
  })

  it('answers within 15 s when every connection died without a word', async t => {
    const applicants = await crowd.come(together, { mayApologise: true })
    await Promise.all(applicants.map(applicant => applicant.goOn()))
    cluster().databaseLine.strand()
    const waits = applicants.map(async applicant => {
      const begun = performance.now()
      await applicant.goOn()
      return performance.now() - begun
    })
    const longest = Math.max(...(await Promise.all(waits)))
    t.diagnostic(`answered within ${Math.round(longest)} ms, ${apologies()} apologies`)
    assert.ok(longest < TURN_LIMIT)
  })

  it('does not hold on to a turn for longer than 15 s, and runs it again', async t => {
    const { databaseLine, instances } = cluster()
    const [applicant] = await crowd.come(1)
    assert.ok(applicant)
    await applicant.reach('rib')
    const postponed = () => instances.flatMap(({ output }) => output().match(/"turn\.postponed"/g) ?? []).length
    const before = postponed()
    const letGo = await holdDraft(applicant.ppr)
    const invocation = await applicant.begin()
    await isHeldUp()
    databaseLine.stall()
    const begun = performance.now()
    await until(() => postponed() > before, 'the end of the turn').finally(letGo)
    const took = performance.now() - begun
    databaseLine.resume()
    await applicant.finish(invocation)
    t.diagnostic(`the turn ended after ${Math.round(took)} ms`)
    assert.ok(took < TURN_LIMIT)
  })

  it('checks no file again because the database fell before the turn was committed', async () => {
    const { postgres, instances } = cluster()
    const [applicant] = await crowd.come(1)
    assert.ok(applicant)
    await applicant.reach('document')
    const checksOf = () => instances.map(({ output }) => output().split('"document.checked"').length - 1)
    const before = checksOf()
    const letGo = await holdDraft(applicant.ppr)
    const invocation = await applicant.begin()
    await isHeldUp()
    await postgres.stop('immediate')
    letGo()
    await postgres.start()
    await applicant.finish(invocation)
    const checks = checksOf().map((count, index) => count - (before[index] ?? 0))
    // The instance that does not hold the turn may take it up, and knows nothing of the file.
    for (const count of checks) assert.ok(count <= 1, `${count} checks`)
  })

  /** Resolves once a turn waits for what is kept from it. */
  async function isHeldUp(): Promise<void> {
    const waiting = "select 1 from pg_stat_activity where wait_event_type = 'Lock' and query ilike '%draft%'"
    while ((await cluster().base.database.query(waiting)).rows.length === 0) await delay(20)
  }

  /** Keeps a turn from its commit. @returns how to let go */
  async function holdDraft(ppr: string): Promise<() => void> {
    const { database } = cluster().base
    return new Promise(held => {
      const letGo = new Promise<void>(resolve => {
        database
          .transaction(async tx => {
            await tx.query('select 1 from draft where member_id = (select id from member where ppr = $1) for update', [
              ppr,
            ])
            held(resolve)
            await letGo
          })
          .catch(() => undefined)
      })
    })
  }

  it('tells members within 15 s when nothing passes, and takes up all of it afterwards', async t => {
    const { databaseLine, base } = cluster()
    const applicants = await crowd.come(together, { mayApologise: true })
    await Promise.all(applicants.map(applicant => applicant.reach('review')))
    const cut = applicants.map(async applicant => {
      await delay(random.below(300))
      const begun = performance.now()
      const invocation = await applicant.begin()
      return { applicant, invocation, took: performance.now() - begun }
    })
    await delay(random.below(300))
    databaseLine.stall()
    await waitForRefusals(t)
    databaseLine.resume()
    const sent = await Promise.all(cut)
    const begun = performance.now()
    await Promise.all(sent.map(({ applicant, invocation }) => applicant.finish(invocation)))
    t.diagnostic(`well again after ${Math.round(performance.now() - begun)} ms, ${apologies()} apologies`)
    await Promise.all(applicants.filter(({ submitted }) => submitted.length === 0).map(one => one.finishRequest()))
    await checkAll(base, crowd.all())
    assertAlive()
  })

  /** While nothing passes, whoever comes is refused in time, again and again. */
  async function waitForRefusals(t: TestContext): Promise<void> {
    const { enter, enrolled } = cluster()
    const end = Date.now() + heldFor
    let longest = 0
    while (Date.now() < end) {
      const begun = performance.now()
      await assert.rejects(enter(enrolled[0]?.ppr ?? ''), /refused with 503/)
      longest = Math.max(longest, performance.now() - begun)
    }
    t.diagnostic(`refused within ${Math.round(longest)} ms`)
    assert.ok(longest < TURN_LIMIT)
  }

  const apologies = () => crowd.all().reduce((sum, applicant) => sum + applicant.apologies(), 0)
  const assertAlive = () =>
    assert.ok(
      cluster().instances.every(instance => instance.isAlive()),
      'nothing crashed',
    )
})
