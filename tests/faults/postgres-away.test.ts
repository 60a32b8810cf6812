import assert from 'node:assert/strict'
import { afterEach, describe, it, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { until } from '../channels/support/direct-line-client.ts'
import type { Exchanged } from '../channels/support/xml-http-request.ts'
import { fullOr } from '../support/full-numbers.ts'
import type { Applicant } from './support/applicant.ts'
import { checkAll } from './support/check-base.ts'
import { useCluster } from './support/cluster.ts'
import { useCrowd } from './support/crowd.ts'
import type { Invocation } from './support/history.ts'
import { createRandom } from './support/random.ts'
import { untilStored } from './support/until-stored.ts'

const seed = Number(process.env['FAULTS_SEED'] ?? Date.now() % 1_000_000)
/** Requests that are made while the server falls again and again. */
const submits = fullOr(100, 6)
const together = fullOr(10, 6)
/** Milliseconds: the server is away for most of the time, and a machine that is busy takes 10 s to start it. */
const patience = 240_000
/** Milliseconds in which nothing passes. */
const heldFor = fullOr(30_000, 16_000)
/** Milliseconds that a member waits for a sentence at most, and that everything takes to be well again. */
const TURN_LIMIT = 15_000
const RECOVERY_LIMIT = 10_000
/** What members do when nothing passes: press a button, send a file, submit. */
const steps = ['rib', 'document', 'review']

const askedSchema = z.object({ moussaada: z.object({ step: z.string() }) })

describe('members in the chat while PostgreSQL comes and goes', { timeout: 60 * 60_000 }, () => {
  const random = createRandom(seed)
  /** How to let go of what is held: a test that fails must not keep the next one, or the end, waiting. */
  const holds: (() => void)[] = []
  afterEach(() => holds.splice(0).forEach(letGo => letGo()))
  const cluster = useCluster({ members: submits + together * 2 + 5 })
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
    await applicant.reach('document')
    const postponed = () => instances.flatMap(({ output }) => output().match(/"turn\.postponed"/g) ?? []).length
    const before = postponed()
    const letGo = await holdDraft(applicant.ppr)
    const invocation = await takenIn(applicant)
    await isHeldUp()
    databaseLine.stall()
    const begun = performance.now()
    await until(() => postponed() > before, 'the end of the turn').finally(() => {
      letGo()
      databaseLine.resume()
    })
    const took = performance.now() - begun
    const resumed = performance.now()
    // Nothing is sent again: what was taken in is answered by itself.
    await applicant.member.answered(invocation.clientId)
    const answeredAfter = performance.now() - resumed
    t.diagnostic(`the turn ended after ${Math.round(took)} ms, and was answered ${Math.round(answeredAfter)} ms later`)
    assert.ok(took < TURN_LIMIT)
    assert.ok(answeredAfter < RECOVERY_LIMIT)
    assert.deepEqual(questionsAfter(applicant, invocation), ['review'], 'one question')
  })

  it('says within 15 s that an answer could not be stored, and takes it once when it comes again', async t => {
    const { databaseLine } = cluster()
    const [applicant] = await crowd.come(1, { timeout: 20_000 })
    assert.ok(applicant)
    await applicant.reach('rib')
    const before = crowd.exchanged().length
    const letGo = await holdDraft(applicant.ppr)
    const sending = applicant.begin()
    await isHeldUp()
    databaseLine.stall()
    const invocation = await sending.finally(() => {
      letGo()
      databaseLine.resume()
    })
    assertInTime(t, crowd.exchanged().slice(before))
    await applicant.finish(invocation)
    assert.deepEqual(questionsAfter(applicant, invocation), ['beneficiary'], 'one question')
  })

  /** The steps that a member was asked for since they sent this. */
  function questionsAfter({ member }: Applicant, { clientId }: Invocation): unknown[] {
    const shown = member.shown()
    const sent = shown.findIndex(({ channelData }) => channelData['clientActivityID'] === clientId)
    return shown.slice(sent + 1).map(({ channelData }) => askedSchema.parse(channelData).moussaada.step)
  }

  it('checks no file again because the database fell before the turn was committed', async () => {
    const { postgres, instances } = cluster()
    const [applicant] = await crowd.come(1)
    assert.ok(applicant)
    await applicant.reach('document')
    const checksOf = () => instances.map(({ output }) => output().split('"document.checked"').length - 1)
    const before = checksOf()
    const letGo = await holdDraft(applicant.ppr)
    const invocation = await takenIn(applicant)
    await isHeldUp()
    await postgres.stop('immediate')
    letGo()
    await postgres.start()
    await applicant.finish(invocation)
    const checks = checksOf().map((count, index) => count - (before[index] ?? 0))
    // The instance that does not hold the turn may take it up, and knows nothing of the file.
    for (const count of checks) assert.ok(count <= 1, `${count} checks`)
  })

  it('answers within 15 s when nothing passes any more in the middle of a file', async t => {
    const { databaseLine } = cluster()
    const [applicant] = await crowd.come(1, { timeout: 20_000 })
    assert.ok(applicant)
    await applicant.reach('document')
    const before = crowd.exchanged().length
    const letGo = await hold('lock table document_chunk in share mode')
    const sending = applicant.begin()
    await isHeldUp('document_chunk')
    databaseLine.stall()
    const invocation = await sending.finally(() => {
      letGo()
      databaseLine.resume()
    })
    assertInTime(t, crowd.exchanged().slice(before))
    await applicant.finish(invocation)
    await applicant.finishRequest()
  })

  /** As the page does, again and again: connections that died without a word are met one by one. */
  async function takenIn(applicant: Applicant): Promise<Invocation> {
    const invocation = await applicant.begin()
    for (const end = Date.now() + patience; invocation.outcomes.at(-1)?.kind !== 'ok' && Date.now() < end;) {
      await delay(1_000)
      invocation.outcomes.push(await applicant.member.send(invocation.clientId, invocation.activity))
    }
    return invocation
  }

  /** Resolves once something waits for what is kept from it. */
  async function isHeldUp(table = 'draft'): Promise<void> {
    const waiting = "select 1 from pg_stat_activity where wait_event_type = 'Lock' and query ilike $1"
    const { database } = cluster().base
    await untilStored(
      async () => (await database.query(waiting, [`%${table}%`])).rows.length > 0,
      `a wait for ${table}`,
    )
  }

  /** Keeps a turn from its commit. @returns how to let go */
  const holdDraft = (ppr: string): Promise<() => void> =>
    hold('select 1 from draft where member_id = (select id from member where ppr = $1) for update', [ppr])

  /** Keeps what this statement locks. @returns how to let go */
  async function hold(sql: string, values: readonly unknown[] = []): Promise<() => void> {
    const { database } = cluster().base
    return new Promise((held, failed) => {
      const letGo = new Promise<void>(resolve => {
        database
          .transaction(async tx => {
            await tx.query(sql, values)
            holds.push(resolve)
            held(resolve)
            await letGo
          })
          .catch(failed)
      })
    })
  }

  it('tells members within 15 s when nothing passes, and takes up all of it afterwards', async t => {
    const { databaseLine, base } = cluster()
    // As long as the page's client waits by itself.
    const applicants = await crowd.come(together, { mayApologise: true, timeout: 20_000 })
    await Promise.all(applicants.map((applicant, index) => applicant.reach(steps[index % steps.length] ?? 'review')))
    const before = crowd.exchanged().length
    let isHeld = true
    const going = applicants.map(async (applicant, index) => {
      // One after the other, so that the last ones begin when nothing passes any more.
      await delay((index / together) * 300 + random.below(30))
      const invocation = await applicant.begin()
      // As the page does: again and again until it is taken in.
      while (isHeld && invocation.outcomes.at(-1)?.kind !== 'ok') {
        await delay(1_000)
        invocation.outcomes.push(await applicant.member.send(invocation.clientId, invocation.activity))
      }
      return { applicant, invocation }
    })
    await delay(random.below(200))
    databaseLine.stall()
    await waitForRefusals(t).finally(() => {
      isHeld = false
      databaseLine.resume()
    })
    const begun = performance.now()
    const sent = await Promise.all(going)
    assertInTime(t, crowd.exchanged().slice(before))
    await Promise.all(sent.map(({ applicant, invocation }) => applicant.finish(invocation)))
    const took = performance.now() - begun
    t.diagnostic(`well again after ${Math.round(took)} ms, ${apologies()} apologies`)
    assert.ok(took < RECOVERY_LIMIT)
    await Promise.all(applicants.filter(({ submitted }) => submitted.length === 0).map(one => one.finishRequest()))
    await checkAll(base, crowd.all())
    assertAlive()
  })

  /** Each is told in time that it was taken in, or that it was not, in a way that their page can say. */
  function assertInTime(t: TestContext, exchanged: readonly Exchanged[]): void {
    const refused = exchanged.filter(({ status }) => status !== 200)
    const longest = Math.max(...exchanged.map(({ milliseconds }) => milliseconds))
    t.diagnostic(`${exchanged.length} requests, ${refused.length} refused, answered within ${longest} ms`)
    assert.ok(refused.length > 0, 'members meet the outage')
    assert.deepEqual(
      refused.filter(({ status }) => status !== 503),
      [],
      'each is refused as unavailable',
    )
    assert.ok(longest < TURN_LIMIT)
  }

  /** While nothing passes, whoever comes is refused in time, again and again. */
  async function waitForRefusals(t: TestContext): Promise<void> {
    const { knock, enrolled } = cluster()
    const end = Date.now() + heldFor
    let longest = 0
    while (Date.now() < end) {
      const begun = performance.now()
      assert.equal(await knock(enrolled[0]?.ppr ?? ''), 503)
      longest = Math.max(longest, performance.now() - begun)
    }
    t.diagnostic(`refused within ${Math.round(longest)} ms`)
    assert.ok(longest < TURN_LIMIT)
  }

  const apologies = () => crowd.all().reduce((sum, applicant) => sum + applicant.apologies(), 0)
  /** What one that is gone wrote last says why. */
  function assertAlive(): void {
    const gone = cluster().instances.filter(instance => !instance.isAlive())
    const last = gone.map(({ output }) => output().split('\n').slice(-20).join('\n'))
    assert.equal(gone.length, 0, `nothing crashed\n${last.join('\n\n')}`)
  }
})
