import assert from 'node:assert/strict'
import { after, before, describe, it, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { copyTemplate } from '../support/fresh-database.ts'
import { ownFolder, startServer, type ServerProcess } from '../support/server-process.ts'
import { fullOr } from '../support/full-numbers.ts'
import { openApplicant, type Applicant } from './support/applicant.ts'
import { lookInto } from './support/base.ts'
import { checkAll } from './support/check-base.ts'
import { createOpeningTimes } from '../support/opening-times.ts'
import { plainFilesIn } from './support/plain-files.ts'
import { createRandom } from './support/random.ts'

const kills = Number(process.env['FAULTS_KILLS'] ?? fullOr(50, 8))
const seed = Number(process.env['FAULTS_SEED'] ?? Date.now() % 1_000_000)
/** Milliseconds after an answer was sent. */
const killWithin = 400
/** Falls between two clean starts: what else the machine does changes during a run. */
const cleanStartEvery = 4

describe('a member whose request is cut by power failures', { timeout: 60 * 60_000 }, () => {
  const random = createRandom(seed)
  let dataDir: string
  let temporary: Awaited<ReturnType<typeof ownFolder>>
  let server: ServerProcess
  let applicants: Applicant[] = []
  const failures: string[] = []
  const openings = createOpeningTimes()

  before(async () => {
    dataDir = await copyTemplate()
    temporary = await ownFolder('temporary')
    server = await start()
    const open = (ppr: string, relatives: ('spouse' | 'child')[]) =>
      openApplicant({ url: server.url, ppr, relatives, random, patience: 120_000 })
    applicants = await Promise.all([
      open('1000001', ['spouse', 'child']),
      open('1000002', []),
      open('1000005', ['spouse']),
    ])
  })

  after(async () => {
    for (const { member } of applicants) member.close()
    await fall()
    for (const failure of failures) console.error(failure)
    await temporary.remove()
  })

  const start = (port = 0) =>
    startServer({ dataDir, port, settings: { TMPDIR: temporary.path, NODE_COMPILE_CACHE: '' } })

  async function fall(): Promise<void> {
    await server.kill()
    failures.push(
      ...server
        .output()
        .split('\n')
        .filter(line => /"level":[56]0/.test(line)),
    )
  }

  /** @returns the steps whose answers were on their way */
  async function cut(): Promise<string[]> {
    const begun = applicants.map(async applicant => {
      await delay(random.below(100))
      return { applicant, invocation: await applicant.begin() }
    })
    await delay(random.below(killWithin))
    await fall()
    const cutOff = await Promise.all(begun)
    assert.deepEqual(await plainFilesIn(temporary.path), [], 'no file lies open after the fall')
    server = await start(Number(new URL(server.url).port))
    // Some go on in the page that lost its connection, some have closed it and come back.
    for (const { member } of applicants) if (random.below(2) === 0) member.reload()
    await Promise.all(cutOff.map(({ applicant, invocation }) => applicant.finish(invocation)))
    return cutOff.map(({ invocation }) => `${invocation.step} ${invocation.outcomes[0]?.kind}`)
  }

  async function startCleanly(): Promise<void> {
    assert.equal((await server.stop()).code, 0)
    server = await start(Number(new URL(server.url).port))
    openings.addClean(openingTime(server.output()))
  }

  const calm = () =>
    Promise.all(
      applicants.map(async applicant => {
        for (let steps = random.below(3); steps > 0; steps--) await applicant.goOn()
      }),
    )

  it(`finds every answer, dossier and reply again, ${kills} times`, async (t: TestContext) => {
    t.diagnostic(`seed ${seed}`)
    for (let time = 1; time <= kills; time++) {
      if (time % cleanStartEvery === 1) await startCleanly()
      await calm()
      t.diagnostic(`${time}: ${(await cut()).join(', ')}`)
      openings.addAfterFall(openingTime(server.output()))
    }
    t.diagnostic(openings.check())
    await Promise.all(applicants.map(applicant => applicant.finishRequest()))
    assert.equal((await server.stop()).code, 0)
    assert.deepEqual(failures, [], 'nothing failed but by a fall')
    await lookInto(dataDir, base => checkAll(base, applicants))
    assert.deepEqual(await plainFilesIn(dataDir), [], 'no file lies open in the base')
    t.diagnostic(`${applicants.flatMap(({ submitted }) => submitted).length} dossiers`)
  })
})

/** As the server says; the process's own start, most of it loading code, is not the base's. */
function openingTime(output: string): number {
  const [, milliseconds] = /"event":"database.opened","milliseconds":(\d+)/.exec(output) ?? []
  assert.ok(milliseconds, 'the server says how long the base took to open')
  return Number(milliseconds)
}
