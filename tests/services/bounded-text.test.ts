import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { textWithin } from '../../services/bounded-text.ts'
import { readCsvTable } from '../../services/csv-table.ts'
import { answerOf } from '../../services/directory/graph-answer.ts'

/** An answer that never ends, and how many pieces of it were asked for. */
function endless() {
  const asked = { pieces: 0, cancelled: false }
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      asked.pieces++
      controller.enqueue(Buffer.alloc(1024, 'x'))
    },
    cancel: () => void (asked.cancelled = true),
  })
  return { asked, response: (headers = {}) => new Response(body, { headers }) }
}

describe('a service on the network that answers without end', () => {
  it('is read no further than what an answer may have, and then cut', async () => {
    const { asked, response } = endless()
    assert.equal(await textWithin(response(), 10 * 1024), undefined)
    assert.ok(asked.pieces <= 13, `${asked.pieces} pieces`)
    assert.equal(asked.cancelled, true)
  })

  it('is not read at all when it says how long it is', async () => {
    const { asked, response } = endless()
    assert.equal(await textWithin(response({ 'content-length': '1000000' }), 10 * 1024), undefined)
    assert.ok(asked.pieces <= 1)
  })

  it('counts as away, when it is Graph', async () => {
    const answer = await answerOf(endless().response())
    assert.deepEqual(answer, { ok: false, reason: 'unavailable', status: 200, code: 'answer-too-long' })
  })

  it('is read whole otherwise', async () => {
    assert.equal(await textWithin(new Response('سلام'), 8), 'سلام')
    assert.equal(await textWithin(new Response(null, { status: 204 }), 8), '')
  })
})

describe('an operator with a file that is none of the register', () => {
  const columns = ['number', 'status']
  const read = (text: string) => readCsvTable(Buffer.from(text), { columns, maxBytes: 2 ** 24 })

  it('hears that it has too many lines before any is read', () => {
    const problem = { line: 1, code: 'file.tooManyLines' }
    assert.deepEqual(read(`number;status\n${'\n'.repeat(400_000)}`), { ok: false, problem })
  })

  it('hears of a quotation mark that is never closed, not of the memory', () => {
    const long = read(`number;status\n"${'x;\n'.repeat(100_000)}`)
    assert.equal(!long.ok && long.problem.code, 'file.quotes')
  })
})
