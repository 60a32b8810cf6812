import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { copyTemplate } from '../../support/fresh-database.ts'

const writer = fileURLToPath(new URL('support/writer.ts', import.meta.url))

describe('an operator wants what was acknowledged to be on the disk, not in a cache', () => {
  it('syncs the log before it acknowledges a commit, every time', async t => {
    const dataDir = await copyTemplate()
    const trace = join(dataDir, 'trace')
    const commits = 50
    const calls = ['-f', '-y', '-e', 'trace=fsync,fdatasync,write', '-s', '32', '-o', trace]
    const program = [process.execPath, '--liftoff-only', writer, dataDir, String(commits)]
    await promisify(execFile)('strace', [...calls, ...program], { timeout: 120_000 })
    const syncs = syncsBeforeEachRow(await readFile(trace, 'utf8'))
    t.diagnostic(`syncs before each acknowledgement: ${syncs.join(' ')}`)
    assert.equal(syncs.length, commits)
    assert.ok(syncs.every(count => count >= 1))
    await rm(dataDir, { recursive: true })
  })
})

/** How often the log's files were synced, with success, between one `row N` on standard output and the next. */
function syncsBeforeEachRow(trace: string): number[] {
  const counts: number[] = []
  let syncs = 0
  for (const line of whole(trace)) {
    if (/f(data)?sync\(\d+<[^>]*\/pg_wal\/[0-9A-F]{24}>\)\s+= 0$/.test(line)) syncs += 1
    const [, printed] = /write\(1<[^>]*>, "(open|row) /.exec(line) ?? []
    if (printed === 'row') counts.push(syncs)
    if (printed !== undefined) syncs = 0
  }
  return counts
}

/** strace breaks a call in two when another thread's comes between: joined here, at its end. */
function whole(trace: string): string[] {
  const begun = new Map<string, string>()
  return trace.split('\n').flatMap(line => {
    const [, thread = '', text = ''] = /^(\d+)\s+(.*)$/.exec(line) ?? []
    const [, begin] = /^(.*) <unfinished \.\.\.>$/.exec(text) ?? []
    if (begin !== undefined) {
      begun.set(thread, begin)
      return []
    }
    return text.replace(/^<\.\.\. \w+ resumed>/, begun.get(thread) ?? '')
  })
}
