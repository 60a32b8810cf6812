import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { startCheckChild } from '../../../services/documents/pdf-check/check-child.ts'
import { watchUse } from '../../support/process-use.ts'
import { bombs } from '../../support/hostile-pdfs.ts'
import { pieces } from '../../support/pieces.ts'

/** Above the limit by what can be taken between two looks at it. */
const MOST_MIB = 450
const LIMITS = { milliseconds: 60_000, memoryMiB: 400 }
/** What the kernel grants, and a second for the processor's clock to be read. */
const MOST_CPU_SECONDS = 9

const outcomes: Record<string, readonly string[]> = {
  'a page of 1 GiB, folded twice': ['tooComplex'],
  'a store of objects of 1 GiB, folded twice': ['tooComplex'],
  'a store that claims 2,147,483,647 objects': ['damaged', 'tooComplex'],
  'a table of contents of 2,147,483,647 entries': ['damaged', 'tooComplex'],
  '60,000 pages': ['tooManyPages', 'tooComplex'],
  '200,000 times the same page': ['tooManyPages'],
  'a count that lies': ['ok', 'damaged'],
  'a count that is short': ['damaged'],
  'a tree of pages that holds itself': ['damaged'],
  'a tree of pages 3,000 deep': ['ok', 'damaged', 'tooComplex'],
  'an array 200,000 deep': ['ok', 'damaged', 'tooComplex'],
  'a dictionary 50,000 deep': ['ok', 'damaged', 'tooComplex'],
  'a quarter of a million objects': ['tooComplex'],
  'two million times the beginning of an object': ['tooComplex'],
  'references that go in a circle': ['ok', 'damaged'],
}

describe('an assistant that is sent a file made to exhaust it', { concurrency: 2 }, () => {
  for (const [name, make] of Object.entries(bombs))
    it(`has an answer to ${name}, within its memory and time`, { timeout: 120_000 }, async () => {
      const child = startCheckChild()
      const use = watchUse(child.pid)
      const verdict = await child.judge(pieces(make()), LIMITS).finally(use.end)
      const outcome = typeof verdict === 'string' ? verdict : verdict.ok ? 'ok' : verdict.reason
      assert.ok(outcomes[name]?.includes(outcome), outcome)
      assert.ok(use.memoryMiB() < MOST_MIB, `${use.memoryMiB()} MiB`)
      assert.ok(use.cpuSeconds() < MOST_CPU_SECONDS, `${use.cpuSeconds()} s of processor time`)
    })
})
