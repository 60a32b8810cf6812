import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { fullOr } from '../support/full-numbers.ts'
import type { Applicant } from './support/applicant.ts'
import { checkAll } from './support/check-base.ts'
import { useCluster } from './support/cluster.ts'
import { useCrowd } from './support/crowd.ts'
import { holdTurn } from './support/held-turn.ts'
import type { Instance } from './support/instance.ts'
import { createRandom } from './support/random.ts'

const seed = Number(process.env['FAULTS_SEED'] ?? Date.now() % 1_000_000)
const SERVICE_RESTART = 1012
/** How often each instance is replaced. */
const rollouts = fullOr(10, 1)
const together = fullOr(16, 6)

describe('members who use the chat during a rollout', { timeout: 60 * 60_000 }, () => {
  const random = createRandom(seed)
  const cluster = useCluster({ members: together + 1 })
  const crowd = useCrowd(cluster, random)

  async function replace(instance: Instance): Promise<void> {
    const { code, milliseconds } = await instance.stop()
    assert.equal(code, 0, instance.output().split('\n').slice(-20).join('\n'))
    assert.ok(milliseconds < 15_000, `it took ${milliseconds} ms`)
    await instance.start()
  }

  async function rollOut(): Promise<void> {
    for (let rollout = 0; rollout < rollouts; rollout++)
      for (const instance of cluster().instances) {
        await delay(500 + random.below(1_500))
        await replace(instance)
      }
  }

  async function useWhile(isOn: () => boolean, applicant: Applicant): Promise<void> {
    while (isOn()) {
      await applicant.goOn()
      // No faster than the limit to a member's messages.
      await delay(fullOr(2_000, 500))
    }
  }

  it('lose nothing, get nothing twice, and come back by themselves', async (t: TestContext) => {
    t.diagnostic(`seed ${seed}`)
    const applicants = await crowd.come(together)
    let isOn = true
    const using = applicants.map(applicant => useWhile(() => isOn, applicant))
    await rollOut().finally(() => (isOn = false))
    await Promise.all(using)
    await Promise.all(applicants.map(applicant => applicant.finishRequest()))
    const closes = applicants.flatMap(({ member }) => member.closes())
    t.diagnostic(`${closes.length} sockets were closed`)
    assert.ok(closes.length > 0)
    assert.deepEqual(
      closes.filter(code => code !== SERVICE_RESTART),
      [],
      'each socket is told that the service restarts',
    )
    await checkAll(cluster().base, applicants)
    assert.deepEqual(cluster().errors(), [], 'nothing failed')
  })

  it('have their file judged by another instance when theirs stops with it in hand', async () => {
    const [applicant] = await crowd.come(1)
    assert.ok(applicant)
    await applicant.reach('document')
    const turn = await holdTurn(cluster(), applicant, 'scans')
    await replace(turn.holder)
    await turn.ended()
    await applicant.member.answered(turn.invocation.clientId)
    assert.equal(applicant.step(), 'review')
    await applicant.finishRequest()
    await checkAll(cluster().base, crowd.all())
  })
})
