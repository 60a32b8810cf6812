import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { serveArguments } from '../support/serve-arguments.ts'

const read = (log: string) =>
  spawnSync(process.execPath, ['scripts/source-places.ts'], { input: log, encoding: 'utf8' }).stdout

describe('an engineer who reads of a fault in the log', () => {
  serveArguments()
  const sought = 'config.invalid'
  const [before = ''] = readFileSync('dist/main.mjs', 'utf8').split(sought)
  const at = `${before.split('\n').length}:${before.length - before.lastIndexOf('\n')}`
  const source = readFileSync('main.ts', 'utf8').split(sought)[0] ?? ''

  it('finds its place in the sources', () => {
    const line = source.split('\n').length
    const log = `{"event":"turn.failed","cause":"AppError\\n    at run (file:///app/dist/main.mjs:${at})\\n    at x (node:net:1:2)"}`
    assert.match(read(log), new RegExp(`at run \\(main\\.ts:${line}:\\d+\\)`))
    assert.match(read(log), /at x \(node:net:1:2\)"}$/)
  })

  it('is shown as it is what another build wrote', () => {
    const other = 'at run (file:///app/dist/start-00000000.mjs:1:2)\n'
    assert.equal(read(other), other)
  })
})
