import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { copyTemplate } from '../support/fresh-database.ts'
import { ownFolder, startServer, type ServerProcess } from '../support/server-process.ts'
import { openApplicant, type Applicant } from './support/applicant.ts'
import { createRandom } from './support/random.ts'

const submits = 3
/** A sync of the write-ahead log that the kernel said to have done. */
const doneSync = /f(?:data)?sync\(\d+<.*\/pg_wal\/.*>\) = 0/

describe('a submit reaches the disk', { timeout: 10 * 60_000 }, () => {
  let server: ServerProcess
  let applicant: Applicant
  let folder: Awaited<ReturnType<typeof ownFolder>>

  before(async () => {
    folder = await ownFolder('strace')
    server = await startServer({ dataDir: await copyTemplate() })
    applicant = await openApplicant({ url: server.url, ppr: '1000002', relatives: [], random: createRandom(1) })
  })

  after(async () => {
    applicant.member.close()
    await server.kill()
    await folder.remove()
  })

  /** @returns the lines of strace about syncs while `work` ran */
  async function syncsDuring(work: () => Promise<void>): Promise<string[]> {
    const file = join(folder.path, 'syncs')
    const args = ['-f', '-y', '-e', 'trace=fsync,fdatasync', '-o', file, '-p', String(server.pid)]
    const tracer = spawn('strace', args, { stdio: ['ignore', 'ignore', 'pipe'] })
    await once(tracer.stderr, 'data', { signal: AbortSignal.timeout(60_000) })
    await work()
    const ended = once(tracer, 'exit')
    tracer.kill('SIGINT')
    await ended
    return (await readFile(file, 'utf8')).split('\n').filter(line => line !== '')
  }

  it(`syncs the log for each of ${submits}, before the member is told`, async () => {
    for (let submit = 0; submit < submits; submit++) {
      await applicant.reach('review')
      const syncs = await syncsDuring(() => applicant.goOn())
      assert.equal(applicant.submitted.length, submit + 1)
      assert.ok(
        syncs.some(line => doneSync.test(line)),
        `strace saw: ${syncs.join('\n')}`,
      )
    }
  })
})
