import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { AppError, DatabaseError } from '../../services/errors.ts'
import { causesOf, codeOf, placeOf } from '../../services/failure.ts'
import { toAppError } from '../../services/storage/database-errors.ts'

const canary = 'Amrani 190170211110374226001507'
const coded = (code: string, options?: ErrorOptions) => Object.assign(new Error(canary, options), { code })

describe('an operator who reads why something broke', () => {
  it('reads the code of what lies under it: of the system, of PostgreSQL, of ours', () => {
    assert.deepEqual(causesOf(toAppError(coded('ECONNREFUSED'))), ['database.unreachable', 'ECONNREFUSED'])
    const starting = Object.assign(coded('57P03'), { severity: 'FATAL' })
    assert.deepEqual(causesOf(toAppError(starting)), ['database.unreachable', '57P03'])
    const checked = Object.assign(coded('23514'), { severity: 'ERROR' })
    assert.deepEqual(causesOf(new AppError('invariant', 'why', { cause: toAppError(checked) })), [
      'invariant',
      'database.failed',
      '23514',
    ])
    assert.deepEqual(causesOf(new TypeError('fetch failed', { cause: coded('UND_ERR_CONNECT_TIMEOUT') })), [
      'TypeError',
      'UND_ERR_CONNECT_TIMEOUT',
    ])
  })

  it('reads the first of several that failed together', () => {
    const all = new AggregateError([coded('ECONNREFUSED'), coded('ENETUNREACH')], canary)
    assert.deepEqual(causesOf(all), ['AggregateError', 'ECONNREFUSED'])
    const named = Object.assign(all, { code: 'ECONNREFUSED' })
    assert.deepEqual(causesOf(toAppError(named)), ['database.unreachable', 'ECONNREFUSED'])
  })

  it('reads no text, whatever was thrown', () => {
    const odd = Object.assign(new Error(canary, { cause: canary }), { name: canary })
    const loop = coded('E_LOOP')
    loop.cause = loop
    const quoting = [
      new SyntaxError(canary),
      coded(canary),
      odd,
      loop,
      canary,
      undefined,
      { code: canary, name: canary },
    ]
    for (const thrown of quoting) {
      assert.ok(!JSON.stringify([causesOf(thrown), placeOf(thrown), codeOf(thrown)]).includes('Amrani'))
      assert.ok(causesOf(thrown).length <= 2)
    }
    assert.deepEqual(causesOf(odd), ['unknown'])
    assert.match(placeOf(new SyntaxError(canary)) ?? '', /^SyntaxError\n +at .*failure\.test\.ts/)
  })

  it('reads the text of an error of ours, which holds nothing of anybody', () => {
    assert.match(placeOf(new DatabaseError('23514', undefined)) ?? '', /^DatabaseError: the database answered 23514\n/)
  })
})
