import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fullOr } from '../support/full-numbers.ts'
import { checkAll } from './support/check-base.ts'
import { useCluster } from './support/cluster.ts'
import { useCrowd } from './support/crowd.ts'
import { createRandom } from './support/random.ts'

const seed = Number(process.env['FAULTS_SEED'] ?? Date.now() % 1_000_000)
const together = fullOr(20, 10)

describe('twenty members at once, on two instances, none of whom remembers them', { timeout: 30 * 60_000 }, () => {
  const cluster = useCluster({ members: together })
  const crowd = useCrowd(cluster, createRandom(seed))

  it(`have ${together} dossiers that are exact to the byte`, async t => {
    t.diagnostic(`seed ${seed}`)
    const applicants = await crowd.come(together, { largest: fullOr(1_500_000, 300_000) })
    await Promise.all(applicants.map(applicant => applicant.finishRequest()))
    await checkAll(cluster().base, applicants)
    assert.deepEqual(cluster().errors(), [], 'nothing failed')
  })
})
