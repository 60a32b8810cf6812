import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { z } from 'zod'
import { parseTraceparent } from '../../services/tracing/traceparent.ts'
import { createBossJobs } from '../../services/storage/boss-jobs.ts'
import { openPostgresDatabase } from '../../services/storage/postgres/postgres-database.ts'
import { tracedJobs } from '../../services/tracing/traced-jobs.ts'
import { createTracing } from '../../services/tracing/tracing.ts'
import { signIn } from '../support/direct-line-member.ts'
import { startPrivatePostgres } from '../support/private-postgres.ts'
import { silentLog } from '../support/silent-log.ts'
import type { ServerProcess } from '../support/server-process.ts'
import { startFakeCollector, type CollectedSpan, type FakeCollector } from './support/fake-collector.ts'
import { openTwoStores, type TwoStores } from './support/two-stores.ts'

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const parent = `00-${traceId}-00f067aa0ba902b7-01`

describe('an operator who follows a request by its trace', { timeout: 10 * 60_000 }, () => {
  let stores: TwoStores
  let collector: FakeCollector
  let server: ServerProcess

  before(async () => {
    stores = await openTwoStores()
    collector = await startFakeCollector()
    server = await stores.start({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url })
  })
  after(async () => {
    await server?.kill()
    await Promise.all([collector?.close(), stores?.close()])
  })

  const spanOf = (matches: (span: CollectedSpan) => boolean): Promise<CollectedSpan> =>
    until(() => collector.spans.find(matches))

  it('finds it at the collector, below the span that caused it', async () => {
    await fetch(`${server.url}/session`, { headers: { traceparent: parent } })
    const span = await spanOf(each => each.traceId === traceId)
    assert.equal(span.name, 'GET /session')
    assert.equal(span.parentSpanId, '00f067aa0ba902b7')
    assert.equal(span.kind, 2)
    const attributes = new Map(span.attributes.map(({ key, value }) => [key, Object.values(value)[0]]))
    assert.equal(attributes.get('http.route'), '/session')
    assert.equal(Number(attributes.get('http.response.status_code')), 401)
  })

  it('finds what a collector turned away a little later', async () => {
    collector.turnAway(1)
    await fetch(`${server.url}/health/live?x`, { headers: { traceparent: parent.replace('4bf9', '5bf9') } })
    const span = await spanOf(each => each.traceId.startsWith('5bf9'))
    assert.equal(span.name, 'GET /health/live')
  })

  it('does not find what whoever began the trace does not want kept', async () => {
    const unwanted = parent.replace('4bf9', '6bf9').replace(/01$/, '00')
    await fetch(`${server.url}/session`, { headers: { traceparent: unwanted } })
    await fetch(`${server.url}/session`, { headers: { traceparent: parent.replace('4bf9', '7bf9') } })
    await spanOf(each => each.traceId.startsWith('7bf9'))
    assert.ok(!collector.text().includes('6bf92f3577b34da6'))
  })
})

describe('an operator who asks what became of a message', { timeout: 10 * 60_000 }, () => {
  it('finds its turn by the trace of the request that brought it, in the log and at the collector', async () => {
    const stores = await openTwoStores()
    const collector = await startFakeCollector()
    try {
      const server = await stores.start({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url })
      const conversationId = await say(server.url, 'bonjour')
      const turn = await until(() => collector.spans.find(span => span.name === 'turn' && span.traceId === traceId))
      const request = await until(() => collector.spans.find(span => span.spanId === turn.parentSpanId))
      const output = server.output()
      await server.kill()
      assert.equal(request.name, 'POST /v3/directline/conversations/:conversationId/activities')
      const lines = output.split('\n').filter(line => line.includes(traceId))
      assert.deepEqual(
        lines.map(line => /"event":"([\w.]+)"/.exec(line)?.[1]),
        ['turn.done'],
      )
      assert.ok(!collector.text().includes(conversationId), 'a span names no conversation')
    } finally {
      await Promise.all([collector.close(), stores.close()])
    }
  })
})

describe('an operator who asks what caused a job', { timeout: 5 * 60_000 }, () => {
  it('finds the trace of what sent it, and its handler finds only the ids that were sent', async () => {
    const postgres = await startPrivatePostgres()
    const database = openPostgresDatabase({ databaseUrl: await postgres.newDatabase(), log: silentLog })
    const tracing = createTracing({ newId: randomUUID, now: () => performance.now() })
    const jobs = tracedJobs(createBossJobs({ database, log: silentLog }), tracing)
    const queue = { name: 'archive', retries: 0 }
    const handled = new Promise(resolve => {
      jobs.handle(queue, async data => resolve({ data, trace: tracing.traceId() }))
    })
    try {
      await jobs.start()
      const request = tracing.start({ kind: 'server', parent })
      await request.run(() => database.transaction(tx => jobs.send(tx, queue, { dossier: 'd-1' })))
      assert.deepEqual(await handled, { data: { dossier: 'd-1' }, trace: traceId })
    } finally {
      await jobs.stop()
      await database.close()
      await postgres.close()
    }
  })
})

/** @returns the conversation in which it was said, in a request that belongs to the trace */
async function say(url: string, text: string): Promise<string> {
  const { token } = await signIn(url, '1000002')
  const domain = `${url}/v3/directline/conversations`
  const post = (address: string, body: object, more: Record<string, string> = {}) =>
    fetch(address, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...more },
      body: JSON.stringify(body),
    })
  const opened = await post(domain, {})
  const { conversationId } = z.object({ conversationId: z.string() }).parse(await opened.json())
  await post(`${domain}/${conversationId}/activities`, { type: 'message', text }, { traceparent: parent })
  return conversationId
}

async function until<T>(look: () => T | undefined): Promise<T> {
  for (const end = Date.now() + 60_000; Date.now() < end;) {
    const found = look()
    if (found !== undefined) return found
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  throw new Error('it never came')
}

describe('a server that is sent a traceparent', () => {
  it('takes the ids of this and of later versions, and nothing else', () => {
    assert.deepEqual(parseTraceparent(parent), { traceId, spanId: '00f067aa0ba902b7', sampled: true })
    assert.equal(parseTraceparent(parent.replace(/^00/, 'cc') + '-what-comes-later')?.traceId, traceId)
    for (const wrong of [
      undefined,
      '',
      parent.toUpperCase(),
      parent.replace(/^00/, 'ff'),
      parent.replace(traceId, '0'.repeat(32)),
      parent.replace('00f067aa0ba902b7', '0'.repeat(16)),
      `${parent}\r\nx: y`,
      parent.slice(1),
    ])
      assert.equal(parseTraceparent(wrong), undefined, wrong)
  })
})
