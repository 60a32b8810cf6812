import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import { fullOr } from '../../support/full-numbers.ts'
import { objectStreamPdf, pagedPdf, plainPdf, protectedPdf, scanOfSize } from '../../support/pdfs.ts'
import { startJudge, type Judge } from '../../support/verdicts.ts'

let judge: Judge
let good: readonly Buffer[]
before(async () => {
  judge = await startJudge()
  const noise = (bytes: number) => Buffer.from(Array.from({ length: bytes }, (_, index) => (index * 7919) % 251))
  const stored = objectStreamPdf(['<< /A 1 >>', '[1 2]'])
  good = [plainPdf(), pagedPdf(5), stored, await protectedPdf({ ownerPassword: 'x' }), scanOfSize(20_000, noise)]
})
after(() => judge.close())

type Edit = { readonly kind: 'flip' | 'cut' | 'insert' | 'repeat'; readonly at: number; readonly bytes: Uint8Array }
const edit: fc.Arbitrary<Edit> = fc.record({
  kind: fc.constantFrom('flip', 'cut', 'insert', 'repeat'),
  at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  bytes: fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 8 }),
    fc
      .constantFrom('<<', '>>', '[', ' 0 obj\n', '/Kids', '/Length 99999999', 'stream\n', '-1', '1e99')
      .map(text => Buffer.from(text)),
  ),
})

function changed(pdf: Buffer, edits: readonly Edit[]): Buffer {
  return edits.reduce((bytes, { kind, at, bytes: more }) => {
    const place = Math.floor(at * bytes.length)
    const [start, end] = [bytes.subarray(0, place), bytes.subarray(place)]
    if (kind === 'flip') return Buffer.concat([start, more, end.subarray(more.length)])
    if (kind === 'cut') return Buffer.concat([start, end.subarray(more.length * 20)])
    return Buffer.concat(kind === 'insert' ? [start, more, end] : [start, end.subarray(0, 200), end])
  }, pdf)
}

describe('a file that was damaged on its way', () => {
  it('always gets a verdict, in time', { timeout: fullOr(1_800_000, 300_000) }, async () => {
    const anyFile = fc.tuple(fc.nat(4), fc.array(edit, { minLength: 1, maxLength: 5 }))
    const property = fc.asyncProperty(anyFile, async ([which, edits]) => {
      const verdict = await judge.judge(changed(good[which] ?? plainPdf(), edits))
      assert.ok(verdict.ok || verdict.reason !== undefined)
    })
    await fc.assert(property, { numRuns: fullOr(1_200, 400) })
  })

  it('is never accepted while a script in it is whole', { timeout: fullOr(1_800_000, 300_000) }, async () => {
    const script = '\n9 0 obj\n<< /S /JavaScript /JS (app.alert(1)) >>\nendobj\n'
    const anyFile = fc.tuple(fc.nat(4), edit, fc.array(edit, { maxLength: 3 }))
    const property = fc.asyncProperty(anyFile, async ([which, { at }, edits]) => {
      const placed = changed(good[which] ?? plainPdf(), [{ kind: 'insert', at, bytes: Buffer.from(script) }, ...edits])
      if (placed.includes(script)) assert.equal((await judge.judge(placed)).ok, false)
    })
    await fc.assert(property, { numRuns: fullOr(800, 300) })
  })
})
