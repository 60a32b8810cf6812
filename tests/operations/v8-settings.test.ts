import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, it } from 'node:test'

describe('an operator who runs another Node', () => {
  it('is not left with settings that its V8 no longer knows', () => {
    // V8 says so on standard error, and goes on without.
    const script = "import { setV8 } from './composition/v8-settings.ts'; setV8()"
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
      encoding: 'utf8',
    })
    assert.deepEqual({ status, stderr }, { status: 0, stderr: '' })
  })
})
