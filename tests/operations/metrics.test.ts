import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { createMetricsRegistry } from '../../bot/metrics/metrics-registry.ts'
import type { Readings } from '../../bot/metrics/readings.ts'
import { newClientId } from '../support/direct-line-member.ts'
import type { ServerProcess } from '../support/server-process.ts'
import { openApplicant } from '../faults/support/applicant.ts'
import { createRandom } from '../faults/support/random.ts'
import { labelsIn, valueOf } from './support/exposition.ts'
import { openTwoStores, type TwoStores } from './support/two-stores.ts'

const none = { count: 0, oldest: 0 }
const quiet: Readings = {
  backlog: { inbox: none, notices: none, teams: none, jobs: [] },
  redis: undefined,
  pool: undefined,
  sockets: 0,
  pdfChecks: { working: 0, waiting: 0 },
  leases: { held: 0, waiting: 0 },
}

describe('an operator who scrapes an instance for the first time', () => {
  it('sees what happened before', async () => {
    const registry = createMetricsRegistry()
    registry.submitted('webchat')
    registry.turnFailed('database.unreachable')
    const text = await registry.expose(quiet)
    assert.equal(valueOf(text, 'moussaada_dossiers_submitted_total{channel="webchat"}'), 1)
    assert.equal(valueOf(text, 'moussaada_turns_failed_total{code="database.unreachable"}'), 1)
  })

  it('sees at zero what must wake somebody with its first event', async () => {
    const text = await createMetricsRegistry().expose(quiet)
    for (const code of ['infected', 'scanUnavailable'])
      assert.equal(valueOf(text, `moussaada_rejections_total{kind="file",code="${code}"}`), 0)
  })

  it('is not told that all is well of what nobody knows', async () => {
    const registry = createMetricsRegistry()
    const text = await registry.expose({ ...quiet, backlog: undefined })
    assert.equal(valueOf(text, 'moussaada_database_up'), 0)
    for (const name of [
      'inbox_due',
      'inbox_oldest_seconds',
      'notices_waiting',
      'teams_waiting',
      'teams_oldest_seconds',
    ])
      assert.ok(Number.isNaN(valueOf(text, `moussaada_${name}`)), name)
    assert.equal(valueOf(text, 'moussaada_redis_up'), undefined, 'an embedded server has no Redis')
    assert.equal(valueOf(await registry.expose({ ...quiet, redis: false }), 'moussaada_redis_up'), 0)
  })
})

describe('an operator who watches a member ask for aid', { timeout: 10 * 60_000 }, () => {
  let stores: TwoStores
  let server: ServerProcess
  let text = ''
  const scrape = async (headers: Record<string, string> = {}) => fetch(`${server.url}/metrics`, { headers })

  before(async () => {
    stores = await openTwoStores()
    server = await stores.start()
    const settings = { url: server.url, ppr: '1000001' }
    const applicant = await openApplicant({ ...settings, relatives: ['spouse'], random: createRandom(3) })
    do await applicant.goOn()
    while (applicant.step() !== 'menu')
    const clientId = newClientId()
    await applicant.member.sendSurely(clientId, { type: 'message', text: 'ksjdhfkjh sdkjfh' })
    await applicant.member.answered(clientId)
    text = await (await scrape()).text()
    applicant.member.close()
  })
  after(async () => {
    await server?.kill()
    await stores?.close()
  })

  it('sees how long each step took, what was submitted and what was not understood', () => {
    for (const step of ['none', 'consent', 'rib', 'beneficiary', 'motif', 'document', 'review'])
      assert.ok(valueOf(text, `moussaada_turn_duration_seconds_count{channel="webchat",step="${step}"}`), step)
    assert.equal(valueOf(text, 'moussaada_dossiers_submitted_total{channel="webchat"}'), 1)
    assert.equal(valueOf(text, 'moussaada_rejections_total{kind="input",code="notUnderstood"}'), 1)
    assert.equal(valueOf(text, 'moussaada_pdf_check_duration_seconds_count{verdict="ok"}'), 1)
  })

  it('sees what is open and what waits', () => {
    assert.equal(valueOf(text, 'moussaada_sockets_open'), 1)
    for (const name of ['inbox_due', 'notices_waiting', 'teams_waiting'])
      assert.equal(valueOf(text, `moussaada_${name}`), 0)
    assert.equal(valueOf(text, 'moussaada_jobs_waiting{queue="housekeeping"}'), 0)
    assert.equal(valueOf(text, 'moussaada_database_up'), 1)
    assert.equal(valueOf(text, 'moussaada_redis_up'), 1)
    assert.equal(valueOf(text, 'moussaada_database_connections{state="waiting"}'), 0)
    assert.ok((valueOf(text, 'moussaada_lease_wait_seconds_count') ?? 0) >= 8)
    assert.ok((valueOf(text, 'process_resident_memory_bytes') ?? 0) > 0)
  })

  it('sees routes by their pattern, and nothing that names a conversation or a person', () => {
    const route = '/v3/directline/conversations/:conversationId/activities'
    const posted = `moussaada_http_request_duration_seconds_count{method="POST",route="${route}",status="200"}`
    assert.ok((valueOf(text, posted) ?? 0) >= 6)
    for (const [name, values] of labelsIn(text)) {
      assert.ok(values.size <= 30, `${name} has ${values.size} values`)
      for (const value of values) assert.ok(!/\d{6}|[0-9a-f]{8}-|Amrani|\.pdf/.test(value), `${name}=${value}`)
    }
  })

  it('is refused through a proxy, since then anybody could ask', async () => {
    const forwarded = await scrape({ 'x-forwarded-for': '192.0.2.1' })
    assert.deepEqual([forwarded.status, await forwarded.json()], [404, { error: { code: 'notFound' } }])
  })

  it('reads them with the token that was set, from anywhere, and nobody else does', async () => {
    const token = 'a-token-of-the-operators-0123456789'
    const guarded = await stores.start({ METRICS_TOKEN: token })
    try {
      const ask = (headers: Record<string, string>) => fetch(`${guarded.url}/metrics`, { headers })
      const answers = await Promise.all([
        ask({}),
        ask({ authorization: `Bearer ${token}x` }),
        ask({ authorization: token }),
        ask({ authorization: `Bearer ${token}`, 'x-forwarded-for': '192.0.2.1' }),
      ])
      const statuses = answers.map(({ status }) => status)
      assert.deepEqual(statuses, [404, 404, 404, 200])
      assert.equal(answers[3].headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8')
    } finally {
      await guarded.kill()
    }
  })
})
