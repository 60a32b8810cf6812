import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { fullOr } from '../support/full-numbers.ts'
import { checkAll } from './support/check-base.ts'
import { useCluster } from './support/cluster.ts'
import { useCrowd } from './support/crowd.ts'
import { createRandom } from './support/random.ts'
import { wipe } from './support/wipe-redis.ts'

const seed = Number(process.env['FAULTS_SEED'] ?? Date.now() % 1_000_000)
const conversations = fullOr(50, 6)
/** Milliseconds without a Redis. */
const awayFor = fullOr(60_000, 4_000)

describe('members in the chat while Redis comes and goes', { timeout: 60 * 60_000 }, () => {
  const cluster = useCluster({ members: conversations })
  const crowd = useCrowd(cluster, createRandom(seed))

  /** What happens to Redis, one after the other, while everybody is in the middle of a request. */
  async function disturb(): Promise<void> {
    const { redis } = cluster()
    await wipe(redis.url)
    await delay(500)
    await redis.stop()
    await redis.start()
    await delay(500)
    await redis.stop()
    await delay(awayFor)
    await redis.start()
    await delay(500)
    await wipe(redis.url)
  }

  it(`loses no answer of ${conversations} and asks nothing twice`, async (t: TestContext) => {
    t.diagnostic(`seed ${seed}`)
    const applicants = await crowd.come(conversations)
    let isDisturbed = true
    const disturbing = disturb().finally(() => (isDisturbed = false))
    const using = Promise.all(
      applicants.map(async applicant => {
        // Slowly enough that the assistant does not ask them to wait.
        while (isDisturbed) {
          await applicant.goOn()
          await delay(fullOr(5_000, 500))
        }
      }),
    )
    // Also when a member fails: no Redis is to be started when all is over.
    await Promise.allSettled([using, disturbing])
    await Promise.all([using, disturbing])
    await Promise.all(applicants.map(applicant => applicant.finishRequest()))
    await checkAll(cluster().base, applicants)
    assert.deepEqual(cluster().errors(), [], 'nothing failed')
    assert.ok(
      cluster().instances.every(instance => instance.isAlive()),
      'nothing crashed',
    )
  })
})
