import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { startCheckChild, type CheckChild } from '../../../services/documents/pdf-check/check-child.ts'
import { createPdfCheck } from '../../../services/documents/pdf-check/pdf-check.ts'
import { pieces } from '../../support/pieces.ts'
import { pagedPdf, plainPdf, scanOfSize } from '../../support/pdfs.ts'
import { silentLog } from '../../support/silent-log.ts'

const withCheck = async (
  work: (check: ReturnType<typeof createPdfCheck>) => Promise<void>,
  room?: { working: number; waiting: number },
) => {
  const check = createPdfCheck({ log: silentLog, ...(room && { room }) })
  try {
    await work(check)
  } finally {
    await check.close()
  }
  assert.deepEqual(childrenOf(process.pid), [])
}

/** A check whose first processes are started like this. */
async function withStarts(
  starts: (() => CheckChild)[],
  work: (check: ReturnType<typeof createPdfCheck>) => Promise<void>,
): Promise<void> {
  const check = createPdfCheck({ log: silentLog, start: () => (starts.shift() ?? startCheckChild)() })
  try {
    await work(check)
  } finally {
    await check.close()
  }
  assert.deepEqual(childrenOf(process.pid), [])
}

/** A file in whose middle the process that reads it is killed, for the first so many. */
function killing(children: readonly CheckChild[], kills: number): AsyncIterable<Uint8Array> {
  const file = scanOfSize(1024 * 1024, randomBytes)
  let readers = 0
  async function* read(): AsyncGenerator<Uint8Array> {
    const reader = readers++
    let sent = 0
    for await (const piece of pieces(file)) {
      yield piece
      const child = children[reader]
      if (++sent !== 3 || reader >= kills || !child) continue
      process.kill(child.pid, 'SIGKILL')
      await child.gone
    }
  }
  return { [Symbol.asyncIterator]: read }
}

function childrenOf(pid: number): number[] {
  const children = readdirSync('/proc').filter(name => /^\d+$/.test(name) && parentOf(name) === pid)
  return children.map(Number).filter(child => /child-main/.test(commandOf(child)) || stateOf(child) === 'Z')
}
const read = (path: string) => {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}
const parentOf = (pid: string) => Number(/^PPid:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1])
const stateOf = (pid: number) => /^State:\s+(\w)/m.exec(read(`/proc/${pid}/status`))?.[1]
const commandOf = (pid: number) => read(`/proc/${pid}/cmdline`)

describe('an assistant that checks files', () => {
  it('has each judged in a process of its own, which is gone afterwards', () =>
    withCheck(async check => {
      const verdicts = await Promise.all([check.check(pieces(plainPdf())), check.check(pieces(pagedPdf(301)))])
      assert.deepEqual(verdicts, [
        { ok: true, pages: 1 },
        { ok: false, reason: 'tooManyPages', pages: 301 },
      ])
      // The one that waits for the next file, and none of the two.
      assert.equal(childrenOf(process.pid).length, 1)
    }))

  it('spends next to none of its own time on a file of 20 MB', () =>
    withCheck(async check => {
      const scan = scanOfSize(20 * 1024 * 1024, randomBytes)
      const before = process.cpuUsage()
      assert.deepEqual(await check.check(pieces(scan, 256 * 1024)), { ok: true, pages: 1 })
      const { user, system } = process.cpuUsage(before)
      assert.ok(user + system < 500_000, `${(user + system) / 1000} ms`)
    }))

  it('turns files away when too many wait, but still says at once what is no PDF', () =>
    withCheck(
      async check => {
        const first = check.check(pieces(plainPdf()))
        const second = check.check(pieces(plainPdf()))
        await wait(50)
        assert.deepEqual(await check.check(pieces(plainPdf())), { ok: false, reason: 'busy' })
        assert.deepEqual(await check.check(pieces(Buffer.from('MZ'))), { ok: false, reason: 'notPdf' })
        assert.deepEqual([(await first).ok, (await second).ok], [true, true])
        assert.equal((await check.check(pieces(plainPdf()))).ok, true)
      },
      { working: 1, waiting: 1 },
    ))

  it('judges none of the files in hand when it is closed, so that another can', () =>
    withCheck(
      async check => {
        const { promise: never } = Promise.withResolvers<void>()
        async function* halfOf(file: Buffer): AsyncGenerator<Uint8Array> {
          yield file.subarray(0, file.length / 2)
          await never
        }
        const files = [1, 2, 3].map(() => check.check(halfOf(scanOfSize(1024 * 1024, randomBytes))))
        const outcomes = Promise.allSettled(files)
        while (check.load().waiting < 2) await wait(20)
        await check.close()
        for (const outcome of await outcomes) {
          assert.equal(outcome.status, 'rejected')
          assert.equal(outcome.reason.code, 'server.stopping')
        }
      },
      { working: 1, waiting: 5 },
    ))

  it('hears of a file that breaks off, and goes on', () =>
    withCheck(async check => {
      async function* breaking() {
        yield plainPdf()
        throw new Error('connection lost')
      }
      await assert.rejects(check.check(breaking()), { message: 'connection lost' })
      assert.equal((await check.check(pieces(plainPdf()))).ok, true)
    }))

  it('gives a file to another process when the first does not start, and says that it is busy only when that fails too', async () => {
    const stillborn = (): CheckChild => {
      const child = startCheckChild()
      process.kill(child.pid, 'SIGKILL')
      return child
    }
    await withStarts([stillborn], async check => {
      assert.deepEqual(await check.check(pieces(plainPdf())), { ok: true, pages: 1 })
    })
    await withStarts([stillborn, stillborn], async check => {
      assert.deepEqual(await check.check(pieces(plainPdf())), { ok: false, reason: 'busy' })
      assert.deepEqual(await check.check(pieces(plainPdf())), { ok: true, pages: 1 })
    })
  })

  it('says that it is busy, and blames nobody, when the file is not read in time by two processes', async () => {
    const stuck = (): CheckChild => {
      const child = startCheckChild()
      return { ...child, judge: () => child.end().then(() => 'notArrived' as const) }
    }
    await withStarts([stuck, stuck], async check => {
      assert.deepEqual(await check.check(pieces(plainPdf())), { ok: false, reason: 'busy' })
      assert.deepEqual(await check.check(pieces(plainPdf())), { ok: true, pages: 1 })
    })
  })

  it('gives a file to another process when the first is killed in the middle of it, but not for ever', async () => {
    for (const [kills, verdict] of [
      [1, { ok: true, pages: 1 }],
      [2, { ok: false, reason: 'tooComplex' }],
    ] as const) {
      const children: CheckChild[] = []
      const observed = (): CheckChild => {
        const child = startCheckChild()
        children.push(child)
        return child
      }
      await withStarts([observed, observed, observed], async check => {
        assert.deepEqual(await check.check(killing(children, kills)), verdict)
      })
    }
  })

  it('ends a check that takes too long or too much memory, and says that the file is too complex', async () => {
    for (const limits of [
      { milliseconds: 1, memoryMiB: 400 },
      { milliseconds: 20_000, memoryMiB: 50 },
    ]) {
      const child = startCheckChild()
      assert.deepEqual(await child.judge(pieces(pagedPdf(300)), limits), { ok: false, reason: 'tooComplex' })
      assert.equal(stateOf(child.pid), undefined)
    }
  })

  it('leaves no process behind when it is killed', { timeout: 60_000 }, async t => {
    const owner = spawn(process.execPath, ['tests/support/pdf-check-owner.ts'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    t.after(() => owner.kill('SIGKILL'))
    // The file is asked for once its child is ready, so a second one was started by then.
    await once(owner.stdout, 'data')
    const children = childrenOf(owner.pid ?? 0)
    assert.equal(children.length, 2)
    owner.kill('SIGKILL')
    await once(owner, 'exit')
    while (children.some(child => /child-main/.test(commandOf(child)))) await wait(50)
  })
})

describe('a file that takes its check over', () => {
  it('has no environment, no file to read or write, no process to start, and no core to leave', async () => {
    const child = startCheckChild()
    while (!/^[^\0]*node\0/.test(commandOf(child.pid))) await wait(10)
    // The shell that sets the limits adds where it stands.
    assert.match(read(`/proc/${child.pid}/environ`), /^(?:PWD=\/\0)?$/)
    const limits = read(`/proc/${child.pid}/limits`)
    for (const name of ['Max core file size', 'Max file size']) assert.match(limits, new RegExp(`^${name} +0 +0 `, 'm'))
    // Soft and hard: the first tells who passed it.
    assert.match(limits, /^Max cpu time +8 +9 /m)
    const [node = '', ...flags] = commandOf(child.pid).split('\0').filter(Boolean)
    await child.end()
    const script = `for (const right of ['fs.write', 'child', 'worker', 'wasi', 'addon']) console.log(process.permission.has(right));
      for (const path of ['/etc/passwd', '/proc/self/environ', '/tmp', process.cwd()]) console.log(process.permission.has('fs.read', path))`
    const answers = execFileSync(node, [...flags.slice(0, -1), '-e', script], { encoding: 'utf8', cwd: '/' })
    assert.deepEqual(new Set(answers.trim().split('\n')), new Set(['false']))
  })
})
