import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { fullOr } from '../support/full-numbers.ts'
import type { Applicant } from './support/applicant.ts'
import { checkAll } from './support/check-base.ts'
import { useCluster } from './support/cluster.ts'
import { useCrowd } from './support/crowd.ts'
import type { Invocation } from './support/history.ts'
import { createRandom } from './support/random.ts'

const seed = Number(process.env['FAULTS_SEED'] ?? Date.now() % 1_000_000)
/** Requests that are between *Terminer* and their reply when an instance dies. */
const points = Number(process.env['FAULTS_KILLS'] ?? fullOr(200, 8))
/** Members who submit at the same fall. */
const together = 8
/**
 * Milliseconds within which all of them press, and within which the fall comes after the first might have. A reply takes
 * some 50: much later than the last press, a fall would cut nothing short.
 */
const pressWithin = 150
const killWithin = 200

interface Cut {
  readonly applicant: Applicant
  readonly invocation: Invocation
  /** Whether the reply had come before the fall: then it proves nothing. */
  readonly wasOver: boolean
}

describe('members who press Terminer as an instance dies', { timeout: 60 * 60_000 }, () => {
  const random = createRandom(seed)
  const cluster = useCluster({ members: points * 3 + together })
  const crowd = useCrowd(cluster, random)
  let cut = 0
  let unknown = 0

  /** Kills one of the instances, or both, while the answers of all these members are on their way. */
  async function fall(applicants: readonly Applicant[]): Promise<Cut[]> {
    const { instances } = cluster()
    const begun = applicants.map(async applicant => {
      await delay(random.below(pressWithin))
      return { applicant, invocation: await applicant.begin() }
    })
    await delay(random.below(killWithin))
    const doomed = random.pick([instances.slice(0, 1), instances.slice(1), instances])
    await Promise.all(doomed.map(instance => instance.kill()))
    const over = applicants.map(applicant => applicant.step() === 'menu')
    const sent = await Promise.all(begun)
    await Promise.all(instances.map(instance => instance.start()))
    return sent.map((each, index) => ({ ...each, wasOver: over[index] ?? false }))
  }

  async function round(t: TestContext): Promise<void> {
    const applicants = await crowd.come(together)
    await Promise.all(applicants.map(applicant => applicant.reach('review')))
    const cuts = await fall(applicants)
    // Some go on in the page that lost its connection, some have closed it and come back.
    for (const { applicant } of cuts) if (random.below(2) === 0) applicant.member.reload()
    await Promise.all(cuts.map(({ applicant, invocation }) => applicant.finish(invocation)))
    const real = cuts.filter(({ wasOver }) => !wasOver)
    cut += real.length
    unknown += real.filter(({ invocation }) => invocation.outcomes[0]?.kind !== 'ok').length
    t.diagnostic(`${cut} points, ${unknown} of them without an acknowledgement`)
    await Promise.all(applicants.map(applicant => sameNumberAgain(applicant)))
    for (const { member } of applicants) member.close()
  }

  it(`has each of ${points} requests stored once, under the number that each of them is told`, async t => {
    t.diagnostic(`seed ${seed}`)
    while (cut < points) await round(t)
    await checkAll(cluster().base, crowd.all())
    assert.deepEqual(cluster().errors(), [], 'nothing failed but by a fall')
  })
})

/** Says *Terminer* once more, in words, as who does not trust what they see. */
async function sameNumberAgain(applicant: Applicant): Promise<void> {
  const number = applicant.submitted.at(-1)?.number
  await applicant.say('Terminer')
  const reply = JSON.stringify(applicant.member.shown().at(-1)?.all)
  assert.ok(number && reply.includes(number), `${applicant.ppr} was told ${number}, and then ${reply}`)
}
