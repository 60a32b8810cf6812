import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { FileFault } from '../../emulator/files/faulty-download.ts'
import { startFileHost, type FileHost } from '../../emulator/files/file-host.ts'

describe('a bot that downloads what a person shared', () => {
  let files: FileHost
  const pdf = Buffer.from('%PDF-1.7 of a test')
  before(async () => {
    files = await startFileHost()
  })
  after(() => files.close())

  const link = (fault?: FileFault): string => files.share(pdf, 'شهادة.pdf', fault).downloadUrl

  it('gets it by the link alone, and not with a bearer', async () => {
    const url = link()
    const answer = await fetch(url)
    assert.deepEqual(Buffer.from(await answer.arrayBuffer()), pdf)
    assert.equal((await fetch(url, { headers: { authorization: 'Bearer x' } })).status, 401)
    assert.deepEqual(
      files.downloads.map(({ hadAuthorization }) => hadAuthorization),
      [false, true],
    )
  })
  it('does not get it by a link that was guessed or has lapsed', async () => {
    const file = files.share(pdf, 'a.pdf')
    const guessed = new URL(file.downloadUrl)
    guessed.searchParams.set('tempauth', 'guessed')
    assert.equal((await fetch(guessed)).status, 401)
    files.expire(file)
    assert.equal((await fetch(file.downloadUrl)).status, 401)
  })
  it('meets a stream without a length and without an end that it can afford', async () => {
    const answer = await fetch(link({ kind: 'endless', size: 21 * 1024 * 1024 }))
    assert.equal(answer.headers.get('content-length'), null)
    assert.equal((await answer.arrayBuffer()).byteLength, 21 * 1024 * 1024)
  })
  it('may leave in the middle, which is seen', async () => {
    const reader = (await fetch(link({ kind: 'endless', size: 500 * 1024 * 1024 }))).body!.getReader()
    await reader.read()
    await reader.cancel()
    assert.ok(files.downloads.at(-1)!.sent < 100 * 1024 * 1024)
  })
  it('meets lies, slowness, breaks, other types and other places', async () => {
    await assert.rejects(fetch(link({ kind: 'declares', length: 1000 })).then(answer => answer.arrayBuffer()))
    await assert.rejects(fetch(link({ kind: 'breaks', after: 4 })).then(answer => answer.arrayBuffer()))
    const slow = fetch(link({ kind: 'drip', everyMs: 50 }), { signal: AbortSignal.timeout(300) })
    await assert.rejects(
      slow.then(answer => answer.arrayBuffer()),
      { name: 'TimeoutError' },
    )
    const page = await fetch(link({ kind: 'type', contentType: 'text/html' }))
    assert.equal(page.headers.get('content-type'), 'text/html')
    const location = 'http://169.254.169.254/latest/meta-data/'
    const moved = await fetch(link({ kind: 'redirect', location }), { redirect: 'manual' })
    assert.deepEqual([moved.status, moved.headers.get('location')], [302, location])
    const encoded = await fetch(link({ kind: 'encoded', bytes: pdf, encoding: 'gzip' }))
    await assert.rejects(encoded.arrayBuffer())
    assert.equal((await fetch(link({ kind: 'status', status: 503 }))).status, 503)
  })
})
