import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { openGraph, type OpenGraph } from '../../support/graph.ts'

describe('an operator asks Microsoft about a call that went wrong', () => {
  const lines: { event: string; fields: Readonly<Record<string, unknown>> | undefined }[] = []
  let graph: OpenGraph
  before(async () => {
    const write = (event: string, fields?: Readonly<Record<string, unknown>>) => void lines.push({ event, fields })
    graph = await openGraph({ log: { info: write, warn: write, error: write } })
  })
  after(() => graph.close())

  const ask = () => graph.graph({ method: 'get', path: '/users/nobody@fosmef.example' })

  it('and finds its id in the log, and that each call had one of ours', async () => {
    graph.emulated.faults.plan({ kind: 'status', status: 403 })
    await ask()
    await ask()
    const [refused, unknown] = graph.emulated.ids
    assert.match(refused?.client ?? '', /^[\da-f-]{36}$/)
    assert.notEqual(refused?.client, unknown?.client)
    assert.deepEqual(lines, [
      {
        event: 'graph.refused',
        fields: {
          method: 'get',
          reason: 'refused',
          status: 403,
          code: 'generalException',
          requestId: refused?.request,
        },
      },
    ])
  })

  it('and a full library is no busy one: nothing is held up by it', async () => {
    for (let call = 0; call < 4; call++) {
      graph.emulated.faults.plan({ kind: 'status', status: 507 })
      const answer = await ask()
      assert.equal(answer.ok ? undefined : answer.reason, 'refused')
    }
    const after = await ask()
    assert.equal(after.ok ? undefined : after.reason, 'notFound')
  })
})
