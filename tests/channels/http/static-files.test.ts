import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { loadStaticFiles } from '../../../bot/http/static-files.ts'
import { openPortal, type Portal, sendRaw } from '../../support/portal.ts'

const script = 'console.log("مساعدة")\n'.repeat(50)
let folder = ''
let portal: Portal
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'moussaada-web-'))
  await mkdir(join(folder, 'dist/assets'), { recursive: true })
  const put = async (name: string, text: string | Uint8Array) => await writeFile(join(folder, 'dist', name), text)
  await put('index.html', '<!doctype html><title>portal</title>')
  await put('chat.html', '<!doctype html><title>chat</title>')
  await put('widget.js', '0')
  await put('assets/chat-1a2b.js', script)
  await put('assets/chat-1a2b.js.br', brotliCompressSync(script))
  await put('assets/chat-1a2b.js.gz', gzipSync(script))
  await put('assets/font.woff2', Uint8Array.of(1, 2, 3))
  await put('.stamp', 'not for the public')
  await put('assets/chat-1a2b.js.map', 'not for the public')
  await writeFile(join(folder, 'secret.txt'), 'not for the public')
  await symlink(join(folder, 'secret.txt'), join(folder, 'dist/assets/link.txt'))
  portal = await openPortal({
    files: await loadStaticFiles(join(folder, 'dist')),
    allowedOrigins: ['https://fos.example'],
  })
})
after(async () => {
  await portal.close()
  await rm(folder, { recursive: true })
})

/** As sent, without what `fetch` undoes. */
async function raw(path: string, headers: string[] = [], method = 'GET') {
  const lines = [`${method} ${path} HTTP/1.1`, `Host: 127.0.0.1:${portal.port}`, 'Connection: close', ...headers]
  const { text } = await sendRaw(portal.port, `${lines.join('\r\n')}\r\n\r\n`)
  const end = text.indexOf('\r\n\r\n')
  return {
    status: Number(text.slice(9, 12)),
    head: text.slice(0, end),
    body: Buffer.from(text.slice(end + 4), 'latin1'),
  }
}

describe('a browser that loads the chat', () => {
  it('is given the smallest form that it takes', async () => {
    const table: [string | undefined, string | undefined, Buffer][] = [
      ['gzip, deflate, br, zstd', 'br', brotliCompressSync(script)],
      ['gzip', 'gzip', gzipSync(script)],
      ['br;q=0, gzip;q=0.5', 'gzip', gzipSync(script)],
      ['br;q=0.0, identity', undefined, Buffer.from(script)],
      [undefined, undefined, Buffer.from(script)],
    ]
    for (const [accepted, encoding, bytes] of table) {
      const { status, head, body } = await raw(
        '/assets/chat-1a2b.js',
        accepted === undefined ? [] : [`Accept-Encoding: ${accepted}`],
      )
      assert.equal(status, 200)
      assert.equal(/^content-encoding: (.*)$/im.exec(head)?.[1], encoding, accepted)
      assert.match(head, /^vary: accept-encoding$/im)
      assert.match(head, /^content-type: text\/javascript; charset=utf-8$/im)
      assert.deepEqual(body, bytes)
    }
  })

  it('keeps what is named after its content, and asks again for the rest', async () => {
    for (const path of ['/assets/chat-1a2b.js', '/assets/font.woff2'])
      assert.equal((await portal.get(path)).headers.get('cache-control'), 'public, max-age=31536000, immutable')
    for (const path of ['/', '/chat', '/widget.js'])
      assert.equal((await portal.get(path)).headers.get('cache-control'), 'no-cache')
  })

  it('is sent nothing that it has', async () => {
    const etag = (await portal.get('/')).headers.get('etag') ?? ''
    assert.match(etag, /^"[\w-]+"$/)
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`]) {
      const answer = await raw('/', [`If-None-Match: ${known}`])
      assert.deepEqual([answer.status, answer.body.length], [304, 0])
      assert.match(answer.head, /content-security-policy/i)
    }
    assert.equal((await raw('/', ['If-None-Match: "other"'])).status, 200)
    const compressed = await portal.get('/assets/chat-1a2b.js', { 'accept-encoding': 'br' })
    const plain = await portal.get('/assets/chat-1a2b.js', { 'accept-encoding': 'identity' })
    assert.notEqual(compressed.headers.get('etag'), plain.headers.get('etag'))
  })

  it('may ask for the headers alone', async () => {
    const { status, head, body } = await raw('/assets/chat-1a2b.js', [], 'HEAD')
    assert.deepEqual([status, body.length], [200, 0])
    assert.match(head, new RegExp(`content-length: ${Buffer.byteLength(script)}`, 'i'))
  })
})

describe('somebody who looks for other files', () => {
  it('finds none, however the way there is written', async () => {
    const ways = [
      '/secret.txt',
      '/../secret.txt',
      '/assets/../../secret.txt',
      '/assets/..%2f..%2fsecret.txt',
      '/assets/%2e%2e/%2e%2e/secret.txt',
      '/assets/..\\..\\secret.txt',
      '/assets//chat-1a2b.js',
      '/assets/',
      '/assets',
      '/assets/link.txt',
      '/.stamp',
      '/assets/chat-1a2b.js.map',
      '/assets/chat-1a2b.js.br',
      '/index.html',
      '/assets/%00',
      '/assets/%ff',
      '/assets/%',
      '/assets/__proto__',
      '//evil.example/assets/chat-1a2b.js',
    ]
    for (const path of ways) {
      const { status, body } = await raw(path)
      assert.ok(status === 404 || status === 400, `${path}: ${status}`)
      assert.doesNotMatch(body.toString(), /not for the public|console/, path)
    }
  })
})

describe('the headers of a page', () => {
  const rulesOf = (answer: Response) =>
    new Map(
      (answer.headers.get('content-security-policy') ?? '').split('; ').map(rule => [rule.split(' ', 1)[0], rule]),
    )

  it('let it load its own scripts, styles and fonts, and nothing from elsewhere', async () => {
    for (const path of ['/', '/chat']) {
      const rules = rulesOf(await portal.get(path))
      assert.equal(rules.get('default-src'), "default-src 'none'")
      assert.equal(rules.get('script-src'), "script-src 'self'")
      assert.equal(rules.get('style-src'), "style-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='")
      const sockets = ['127.0.0.1', 'localhost'].map(name => `ws://${name}:${portal.port}`)
      assert.equal(rules.get('connect-src'), `connect-src 'self' blob: ${sockets.join(' ')}`)
      assert.equal(rules.get('base-uri'), "base-uri 'none'")
      assert.equal(rules.get('form-action'), "form-action 'self'")
      assert.doesNotMatch([...rules.values()].join(), /unsafe|\*|https?:(?!\/\/fos)/)
    }
  })

  it('let the portal be framed by nobody, the chat by us and the sites that were named', async () => {
    const [page, chat] = [await portal.get('/'), await portal.get('/chat')]
    assert.equal(rulesOf(page).get('frame-ancestors'), "frame-ancestors 'none'")
    assert.equal(page.headers.get('x-frame-options'), 'DENY')
    assert.equal(rulesOf(chat).get('frame-ancestors'), "frame-ancestors 'self' https://fos.example")
    assert.equal(chat.headers.get('x-frame-options'), null)
  })

  it('are on whatever is answered, in the measure that it needs', async () => {
    for (const path of ['/', '/chat', '/widget.js', '/assets/font.woff2', '/session', '/health/live', '/nowhere']) {
      const { headers } = await portal.get(path)
      assert.equal(headers.get('x-content-type-options'), 'nosniff', path)
      assert.equal(headers.get('referrer-policy'), 'no-referrer', path)
      assert.ok(headers.get('content-security-policy')?.startsWith("default-src 'none'"), path)
      assert.equal(headers.get('server'), null, path)
      assert.equal(headers.get('x-powered-by'), null, path)
      assert.equal(headers.get('cross-origin-resource-policy'), path === '/widget.js' ? 'cross-origin' : 'same-origin')
    }
    assert.match((await portal.get('/chat')).headers.get('permissions-policy') ?? '', /camera=\(\).*microphone=\(\)/)
  })
})
