import assert from 'node:assert/strict'
import { request } from 'node:http'
import { after, before, describe, it } from 'node:test'
import { openPortal, type Portal } from '../../support/portal.ts'

interface Answered {
  readonly status: number | undefined
  readonly location: string | undefined
}

/** A request that names `host`, whatever it is sent to. */
function get(portal: Portal, path: string, host: string): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const asking = request({ host: '127.0.0.1', port: portal.port, path, headers: { host } }, answer => {
      answer.resume()
      resolve({ status: answer.statusCode, location: answer.headers.location })
    })
    asking.on('error', reject).end()
  })
}

const page = { type: 'text/html', immutable: false, bodies: { identity: { bytes: Buffer.from('x'), etag: '"x"' } } }
const files = new Map(['/index.html', '/chat.html', '/teams-link.html', '/widget.js'].map(name => [name, page]))
const pages = ['/', '/chat', '/teams/link']

describe('a member who comes by another name of the address', () => {
  let portal: Portal
  before(async () => (portal = await openPortal({ publicUrl: 'https://aide.example', files })))
  after(async () => await portal.close())

  it('is led to the address that the service is known by, with what they asked for', async () => {
    for (const path of pages) {
      const { status, location } = await get(portal, `${path}?lang=ar`, 'intranet:8080')
      assert.deepEqual([status, location], [302, `https://aide.example${path}?lang=ar&redirected=1`])
      assert.equal((await get(portal, path, 'aide.example')).status, 200)
    }
  })

  it('is led there once: behind a proxy that changes Host, the page comes at the second time', async () => {
    for (const path of pages) assert.equal((await get(portal, `${path}?redirected=1`, 'app:3978')).status, 200)
  })

  it('is never led where the request says', async () => {
    for (const host of ['evil.example', 'aide.example.evil.example', 'aide.example:81', 'aide.example@evil.example']) {
      const { location } = await get(portal, '/chat', host)
      assert.ok(location === undefined || location === 'https://aide.example/chat?redirected=1', `${host}: ${location}`)
    }
    const { location = '' } = await get(portal, '//evil.example/?lang=fr', 'x')
    assert.ok(location === '' || location.startsWith('https://aide.example/'), location)
  })

  it('is not, where a probe, a program or a page of another site asks', async () => {
    for (const path of [
      '/health/live',
      '/health/ready',
      '/metrics',
      '/widget.js',
      '/assets/x.js',
      '/session',
      '/api/x',
    ]) {
      const { status, location } = await get(portal, path, '10.0.0.7:3978')
      assert.deepEqual([location, Math.floor((status ?? 0) / 100) === 3], [undefined, false], path)
    }
  })
})

describe('somebody who tries the service on their own machine', () => {
  let portal: Portal
  before(async () => (portal = await openPortal({ files })))
  after(async () => await portal.close())

  const names = ['localhost', '127.0.0.1', '[::1]', 'LOCALHOST']
  const asOwn = async (host: string) =>
    (await portal.post('/signin', {}, { origin: `http://${host}:${portal.port}` })).status

  it('may use any name of it, on our port', async () => {
    for (const name of names) assert.equal((await get(portal, '/', `${name}:${portal.port}`)).status, 200, name)
    for (const host of [`evil.example:${portal.port}`, 'localhost', `127.0.0.2:${portal.port}`])
      assert.equal((await get(portal, '/', host)).status, 302, host)
  })

  it('reaches it at both addresses of loopback', async () => {
    const own = await openPortal({ files, host: 'localhost' })
    for (const address of ['127.0.0.1', '[::1]'])
      assert.equal((await fetch(`http://${address}:${own.port}/`, { redirect: 'manual' })).status, 200, address)
    await own.close()
    await assert.rejects(fetch(`http://[::1]:${own.port}/`))
  })

  it('signs in by each of them', async () => {
    for (const name of ['localhost', '127.0.0.1', '[::1]']) assert.equal(await asOwn(name), 400, name)
    assert.equal(await asOwn('evil.example'), 403)
  })
})
