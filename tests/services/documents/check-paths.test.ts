import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, describe, it } from 'node:test'
import { MAX_DOCUMENT_BYTES } from '../../../services/documents/limits.ts'
import { pagedPdf, plainPdf } from '../../support/pdfs.ts'

const command = ['scripts/check-documents.ts', '--json'] as const

describe('whoever keeps a corpus of PDFs', () => {
  let folder: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'moussaada-corpus-'))
    await Promise.all([
      writeFile(join(folder, 'three pages.pdf'), pagedPdf(3)),
      writeFile(join(folder, 'photo.pdf'), Buffer.from([0xff, 0xd8, 0xff, 0xe0])),
      writeFile(join(folder, 'long.pdf'), pagedPdf(301)),
      writeFile(join(folder, 'huge.pdf'), Buffer.alloc(MAX_DOCUMENT_BYTES + 1, plainPdf())),
      writeFile(join(folder, 'empty.pdf'), ''),
    ])
  })
  after(() => rm(folder, { recursive: true, force: true }))
  const env = () => ({ PATH: process.env['PATH'], INIT_CWD: folder, LANG: 'fr' })

  it('is told of each file of a list in its order, whatever is wrong with one, without a server', () => {
    const list = [
      'three pages.pdf',
      'nowhere.pdf',
      '.',
      '/dev/zero',
      'photo.pdf',
      '',
      'long.pdf',
      'huge.pdf',
      'empty.pdf',
    ]
    const ended = spawnSync(process.execPath, command, { env: env(), input: list.join('\r\n'), encoding: 'utf8' })
    const lines = ended.stdout.trim().split('\n')
    const told = lines.map(line => {
      const { milliseconds, ...rest } = JSON.parse(line)
      assert.equal(typeof milliseconds, 'number')
      return Object.values(rest)
    })
    assert.deepEqual(told, [
      ['three pages.pdf', 'accept', null, 3],
      ['nowhere.pdf', 'reject', 'unreadable', null],
      ['.', 'reject', 'unreadable', null],
      ['/dev/zero', 'reject', 'unreadable', null],
      ['photo.pdf', 'reject', 'notPdf', null],
      ['long.pdf', 'reject', 'tooManyPages', 301],
      ['huge.pdf', 'reject', 'tooLarge', null],
      ['empty.pdf', 'reject', 'empty', null],
    ])
    assert.equal(ended.status, 1)
  })

  it('reads a verdict while the list is still being written', { timeout: 60_000 }, async t => {
    const child = spawn(process.execPath, command, { env: env(), stdio: ['pipe', 'pipe', 'inherit'] })
    t.after(() => child.kill('SIGKILL'))
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    child.stdin.write('three pages.pdf\n')
    assert.match((await lines.next()).value ?? '', /"three pages.pdf","verdict":"accept"/)
    child.stdin.end('photo.pdf')
    assert.match((await lines.next()).value ?? '', /"photo.pdf","verdict":"reject"/)
    assert.deepEqual(await once(child, 'exit'), [0, null])
  })

  it('is told how the command is called when it is called otherwise', () => {
    const ended = spawnSync(process.execPath, ['scripts/check-documents.ts'], { env: env(), encoding: 'utf8' })
    assert.equal(ended.status, 2)
    assert.match(ended.stderr, /^Usage : npm run documents:check/)
  })
})
