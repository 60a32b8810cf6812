import assert from 'node:assert/strict'
import { afterEach, describe, it, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { until } from '../channels/support/direct-line-client.ts'
import { fullOr } from '../support/full-numbers.ts'
import type { Applicant } from './support/applicant.ts'
import { checkAll } from './support/check-base.ts'
import { useCluster } from './support/cluster.ts'
import { useCrowd } from './support/crowd.ts'
import { holdTurn, linesOf } from './support/held-turn.ts'
import { createRandom } from './support/random.ts'

const seed = Number(process.env['FAULTS_SEED'] ?? Date.now() % 1_000_000)
const rounds = fullOr(10, 1)
const together = fullOr(10, 6)
/** Milliseconds; a lease lapses after 12 s. */
const frozenFor = 15_000

describe('members whose instance stands still and comes back', { timeout: 60 * 60_000 }, () => {
  const random = createRandom(seed)
  const cluster = useCluster({ members: rounds * together + 2 })
  const crowd = useCrowd(cluster, random)

  afterEach(() => (cluster().clamd.behaviour = 'scans'))

  /** Everybody goes on while one instance is frozen in the middle of it, and lets its leases lapse. */
  async function round(number: number): Promise<void> {
    const applicants = await crowd.come(together)
    let isFrozen = true
    const going = applicants.map(async applicant => {
      await delay(random.below(1_000))
      while (isFrozen) {
        await applicant.goOn()
        await delay(500)
      }
      await applicant.finishRequest()
    })
    await delay(500 + random.below(1_000))
    const instance = cluster().instances[number % 2]
    instance?.freeze()
    await delay(frozenFor)
    instance?.thaw()
    isFrozen = false
    await Promise.all(going)
    for (const { member } of applicants) member.close()
  }

  /** Stops an instance with a member's file in hand, until another has ended the turn; then lets it end the turn too. */
  async function takenOver(t: TestContext, behaviour: 'scans' | 'finds'): Promise<Applicant> {
    const { clamd, instances } = cluster()
    const [applicant] = await crowd.come(1)
    assert.ok(applicant)
    await applicant.reach('document')
    const turn = await holdTurn(cluster(), applicant, behaviour)
    const { holder } = turn
    const lost = linesOf(holder, 'lease.lost').length
    const begun = performance.now()
    holder.freeze()
    await turn.ended().finally(holder.thaw)
    t.diagnostic(`another instance ended the turn after ${Math.round(performance.now() - begun)} ms`)
    const kept = await turn.kept()
    await until(() => linesOf(holder, 'lease.lost').length > lost, 'the holder to find its lease lapsed')
    assert.ok(!turn.ranBy().includes(holder), 'the holder still has it in hand')
    clamd.letGo()
    await until(() => turn.ranBy().includes(holder), 'the holder to come to its own end')
    assert.equal(turn.ranBy().length, instances.length, 'both came to the end of one turn')
    assert.deepEqual(await turn.kept(), kept, 'what the late one said, kept or removed')
    await applicant.member.answered(turn.invocation.clientId)
    return applicant
  }

  it('are asked to look over their request once, though a late instance took their file as well', async t => {
    const applicant = await takenOver(t, 'scans')
    assert.equal(applicant.step(), 'review')
    const reviews = applicant.member.shown().filter(({ channelData }) => JSON.stringify(channelData).includes('review'))
    assert.equal(reviews.length, 1)
    await applicant.finishRequest()
    assert.equal(applicant.submitted.length, 1)
    await checkAll(cluster().base, crowd.all())
  })

  it('are told once that their file is refused, though a late instance refused it as well', async t => {
    const applicant = await takenOver(t, 'finds')
    assert.equal(applicant.step(), 'document')
    cluster().clamd.behaviour = 'scans'
    await applicant.finishRequest()
    assert.equal(applicant.submitted.length, 1)
    await checkAll(cluster().base, crowd.all())
  })

  it('have every turn run once, though two instances held it', async (t: TestContext) => {
    t.diagnostic(`seed ${seed}`)
    for (let number = 0; number < rounds; number++) await round(number)
    const lapsed = cluster().instances.reduce((sum, { output }) => sum + output().split('lease.lost').length - 1, 0)
    t.diagnostic(`${lapsed} leases lapsed while they were held`)
    await checkAll(cluster().base, crowd.all())
    assert.deepEqual(cluster().errors(), [], 'nothing failed')
  })
})
