import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, it } from 'node:test'
import type { StoredActivity } from '../../services/conversations/activity.ts'
import { until } from '../channels/support/direct-line-client.ts'
import { fullOr } from '../support/full-numbers.ts'
import type { Applicant } from './support/applicant.ts'
import { openClicks } from './support/clicks.ts'
import { useCluster } from './support/cluster.ts'
import { useCrowd } from './support/crowd.ts'
import { createRandom } from './support/random.ts'
import { untilStored } from './support/until-stored.ts'

const seed = Number(process.env['FAULTS_SEED'] ?? Date.now() % 1_000_000)
const repeats = fullOr(20, 2)
/** How often a delivery is repeated: one member each. */
const deliveries = fullOr(100, 2)

/** Answers in words, each to the question that the one before leads to. */
const words = [
  "je voudrais faire une demande d'aide",
  "j'accepte",
  "oui c'est bien le mien",
  "c'est pour moi",
  "j'ai un cancer",
]
/** What each of the questions then becomes. */
const takenUp = [
  'Vous avez lu et accepté.',
  'RIB confirmé',
  'Vous avez choisi : Adhérent(e)',
  'Vous avez choisi : Maladie oncologique',
]

describe('a member whose messages come more often than they were meant', { timeout: 30 * 60_000 }, () => {
  const cluster = useCluster({ members: deliveries * 2 + repeats * 2 })
  const crowd = useCrowd(cluster, createRandom(seed))

  async function applicantAt(step: string): Promise<Applicant> {
    const [applicant] = await crowd.come(1)
    assert.ok(applicant)
    await applicant.reach(step)
    return applicant
  }

  /** The whole conversation, once nothing in it waits. */
  async function transcriptOf(id: string): Promise<StoredActivity[]> {
    const { conversations } = cluster().base
    await untilStored(async () => (await conversations.due(id)).length === 0, 'the end of every turn')
    return conversations.latest(id, 10_000)
  }

  /** The activity that the standing question's first button would send. */
  const clickOn = (applicant: Applicant) => ({ type: 'message', value: applicant.member.standing().buttons[0]?.value })

  /** Without what cannot be seen: the marks around values, and the French space before a colon. */
  const textOf = ({ body }: StoredActivity) =>
    JSON.stringify(body)
      .replaceAll(/[\u2066-\u2069]/g, '')
      .replaceAll('\u00a0', ' ')

  /** Posts the same thing so many times at once, under these ids. */
  async function postAll(applicant: Applicant, ids: readonly string[]) {
    const { ppr } = applicant
    const clicks = await openClicks(cluster(), ppr)
    const activity = clickOn(applicant)
    const outcomes = await Promise.all(ids.map(id => clicks.post(id, activity)))
    return { outcomes, transcript: await transcriptOf(clicks.conversationId) }
  }

  async function draftOf({ ppr }: Applicant) {
    const { members, drafts } = cluster().base
    return drafts.openOf((await members.findByPpr(ppr))?.id ?? '')
  }

  it('has one turn when one activity comes ten times at once on two instances', async () => {
    for (let time = 0; time < deliveries; time++) {
      const applicant = await applicantAt('rib')
      const before = await draftOf(applicant)
      const id: string = randomUUID()
      const { outcomes, transcript } = await postAll(
        applicant,
        Array.from({ length: 10 }, () => id),
      )
      assert.equal(new Set(outcomes.map(outcome => JSON.stringify(outcome))).size, 1, 'all are told one id')
      const taken = transcript.findLastIndex(({ direction }) => direction === 'in')
      assert.equal(transcript.slice(taken).length, 2, 'one message and one reply')
      assert.equal((await draftOf(applicant))?.version, (before?.version ?? 0) + 1)
    }
  })

  it('has one effect when one click comes ten times at once under new ids', async () => {
    for (let time = 0; time < deliveries; time++) {
      const applicant = await applicantAt('rib')
      const before = await draftOf(applicant)
      const ids: string[] = Array.from({ length: 10 }, () => randomUUID())
      const { transcript } = await postAll(applicant, ids)
      const after = await draftOf(applicant)
      assert.equal(after?.version, (before?.version ?? 0) + 1)
      assert.equal(after?.beneficiary, undefined, 'the next question is not answered by it')
      const arrived = transcript.filter(({ clientId }) => clientId !== undefined && ids.includes(clientId))
      assert.equal(arrived.length, 10)
    }
  })

  it('has one dossier, and is told its number fifty times, when Terminer comes fifty times at once', async () => {
    for (let time = 0; time < repeats; time++) {
      const applicant = await applicantAt('review')
      const ids = Array.from({ length: 50 }, () => randomUUID())
      const clicks = await openClicks(cluster(), applicant.ppr)
      const { value } = applicant.member.standing().buttons.find(({ name }) => name === 'Terminer') ?? {}
      assert.ok(value, 'there is a button to submit with')
      await Promise.all(ids.map(id => clicks.post(id, { type: 'message', value })))
      const transcript = await transcriptOf(clicks.conversationId)
      const { history, members } = cluster().base
      const memberId = (await members.findByPpr(applicant.ppr))?.id ?? ''
      const { total, dossiers } = await history.page(memberId, { from: 0, count: 10 })
      assert.equal(total, 1)
      const number = dossiers[0]?.number ?? 'no number'
      const told = transcript.filter(activity => activity.direction === 'out' && textOf(activity).includes(number))
      assert.ok(told.length >= 50, `the number was told ${told.length} times`)
      const others = transcript.filter(activity => /AES-\d{4}-\d{6}/.test(textOf(activity)) && !told.includes(activity))
      assert.deepEqual(others.map(textOf), [], 'no other number is told')
    }
  })

  it('has its answers taken in the order in which they were sent, without waiting for replies', async () => {
    for (let time = 0; time < repeats; time++) {
      const [applicant] = await crowd.come(1)
      assert.ok(applicant)
      const clicks = await openClicks(cluster(), applicant.ppr)
      for (const text of words) await clicks.post(randomUUID(), { type: 'message', text })
      await until(() => applicant.step() === 'document', 'the question for the document')
      const transcript = await transcriptOf(clicks.conversationId)
      const taken = transcript.flatMap(({ direction, body }) => (direction === 'in' && body.text ? [body.text] : []))
      assert.deepEqual(taken, words)
      const said = transcript.map(textOf)
      for (const line of takenUp) assert.equal(said.filter(text => text.includes(line)).length, 1, line)
    }
  })
})
