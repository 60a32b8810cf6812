import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { checkAll } from './support/check-base.ts'
import { useCluster } from './support/cluster.ts'
import { useCrowd } from './support/crowd.ts'
import { createRandom } from './support/random.ts'

const isLong = process.env['FAULTS'] === 'long'
const seed = Number(process.env['FAULTS_SEED'] ?? Date.now() % 1_000_000)
const rounds = isLong ? 10 : 1
const together = isLong ? 10 : 6
/** Milliseconds; a lease lapses after 12 s. */
const frozenFor = 15_000

describe('members whose instance stands still and comes back', { timeout: 60 * 60_000 }, () => {
  const random = createRandom(seed)
  const cluster = useCluster({ members: rounds * together })
  const crowd = useCrowd(cluster, random)

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
    await cluster().instances[number % 2]?.freeze(frozenFor)
    isFrozen = false
    await Promise.all(going)
    for (const { member } of applicants) member.close()
  }

  it('have every turn run once, though two instances held it', async (t: TestContext) => {
    t.diagnostic(`seed ${seed}`)
    for (let number = 0; number < rounds; number++) await round(number)
    const lapsed = cluster().instances.reduce((sum, { output }) => sum + output().split('lease.lost').length - 1, 0)
    t.diagnostic(`${lapsed} leases lapsed while they were held`)
    await checkAll(cluster().base, crowd.all())
    assert.deepEqual(cluster().errors(), [], 'nothing failed')
  })
})
