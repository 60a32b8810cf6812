import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { createServer as createTcpServer, type AddressInfo } from 'node:net'
import { after, before, beforeEach, describe, it } from 'node:test'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { gzipSync } from 'node:zlib'
import { createFileDownload } from '../../../bot/channels/teams/files/file-download.ts'
import { createFileHosts } from '../../../bot/channels/teams/files/file-hosts.ts'
import type { Resolve } from '../../../bot/channels/teams/files/pinned-lookup.ts'
import { isPublicAddress } from '../../../bot/channels/teams/files/public-address.ts'
import { MAX_DOCUMENT_BYTES } from '../../../services/documents/limits.ts'
import { loopbackCertificate } from '../../support/loopback-certificate.ts'
import { allOf } from '../../support/pieces.ts'

const resolvesTo =
  (...addresses: string[]): Resolve =>
  () =>
    Promise.resolve(addresses.map(address => ({ address, family: address.includes(':') ? 6 : 4 })))

const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port
const limits = { silence: 2_000, total: 30_000, beforeRetry: 1 }

describe('a foundation whose network is not to be reached through a shared file', () => {
  const canary = createTcpServer(socket => {
    accepted++
    socket.destroy()
  })
  let accepted = 0
  let port = 0
  before(async () => {
    canary.listen(0)
    await once(canary, 'listening')
    port = portOf(canary)
  })
  after(() => canary.close())

  const addresses = {
    'another host': 'https://files.example/a.pdf',
    'a host that only ends alike': 'https://evilsharepoint.com/a.pdf',
    'the domain itself': 'https://sharepoint.com/a.pdf',
    'a host within a longer one': 'https://fosmef.sharepoint.com.evil.example/a.pdf',
    'a final dot': 'https://fosmef.sharepoint.com./a.pdf',
    'plain http': 'http://fosmef.sharepoint.com/a.pdf',
    'another port': 'https://fosmef.sharepoint.com:8443/a.pdf',
    'the port of http': 'https://fosmef.sharepoint.com:80/a.pdf',
    'a name before the host': 'https://fosmef.sharepoint.com@127.0.0.1/a.pdf',
    'a name and a word': 'https://user:word@fosmef.sharepoint.com/a.pdf',
    'a backslash': String.raw`https://127.0.0.1\@fosmef.sharepoint.com/a.pdf`,
    'a hash in front': 'https://127.0.0.1#@fosmef.sharepoint.com/a.pdf',
    'a file of the machine': 'file:///etc/passwd',
    'data within': 'data:application/pdf;base64,JVBERg==',
    ftp: 'ftp://fosmef.sharepoint.com/a.pdf',
    'no scheme': '//fosmef.sharepoint.com/a.pdf',
    'no address': 'a.pdf',
    'metadata of a cloud': 'http://169.254.169.254/latest/meta-data',
    loopback: 'https://127.0.0.1/a.pdf',
    'short loopback': 'https://127.1/a.pdf',
    'loopback as a number': 'https://2130706433/a.pdf',
    'loopback in hexadecimal': 'https://0x7f000001/a.pdf',
    'loopback in octal': 'https://0177.0.0.1/a.pdf',
    'loopback of IPv6': 'https://[::1]/a.pdf',
    'IPv4 within IPv6': 'https://[::ffff:127.0.0.1]/a.pdf',
    'any address': 'https://0.0.0.0/a.pdf',
    'its own name': 'https://localhost/a.pdf',
    'an address that is far too long': `https://fosmef.sharepoint.com/${'a'.repeat(9_000)}`,
  }
  for (const [what, address] of Object.entries(addresses))
    it(`refuses ${what}, and asks no name server`, async () => {
      let asked = 0
      const resolve: Resolve = async () => {
        asked++
        return [{ address: '203.0.114.1', family: 4 }]
      }
      const download = createFileDownload({ hosts: createFileHosts(['*.sharepoint.com']), resolve, limits })
      const opened = await download(address)
      assert.deepEqual([opened.ok, !opened.ok && opened.reason, asked], [false, 'notAllowed', 0])
    })

  const answers = [
    ['127.0.0.1'],
    ['::1'],
    ['::ffff:127.0.0.1'],
    ['::ffff:10.0.0.1'],
    ['10.1.2.3'],
    ['172.16.0.1'],
    ['172.31.255.255'],
    ['192.168.1.1'],
    ['169.254.169.254'],
    ['100.64.0.1'],
    ['0.0.0.0'],
    ['224.0.0.1'],
    ['255.255.255.255'],
    ['198.18.0.1'],
    ['192.0.0.1'],
    ['fd00::1'],
    ['fe80::1'],
    ['fe80::1%lo'],
    ['ff02::1'],
    ['::'],
    ['64:ff9b::7f00:1'],
    ['2002:7f00:1::1'],
    ['2001:db8::1'],
    ['not an address'],
    ['52.112.0.1', '127.0.0.1'],
  ]
  for (const resolved of answers)
    it(`does not follow a name of the store to ${resolved.join(' and ')}`, async () => {
      accepted = 0
      const hosts = createFileHosts([`fosmef.sharepoint.com:${port}`])
      const download = createFileDownload({ hosts, resolve: resolvesTo(...resolved), limits })
      const opened = await download(`https://fosmef.sharepoint.com:${port}/a.pdf`)
      assert.deepEqual([opened.ok, !opened.ok && opened.code, accepted], [false, 'not-public', 0])
    })

  it('does not follow a name of the machine out of it', async () => {
    const hosts = createFileHosts([`localhost:${port}`])
    const download = createFileDownload({ hosts, resolve: resolvesTo('10.0.0.1'), limits })
    const opened = await download(`http://localhost:${port}/a.pdf`)
    assert.deepEqual([opened.ok, !opened.ok && opened.code], [false, 'not-public'])
  })

  it('refuses a private address that an administrator has named', async () => {
    assert.equal(createFileHosts(['10.0.0.5'])('https://10.0.0.5/a.pdf'), undefined)
    assert.ok(createFileHosts(['127.0.0.1:1'])('http://127.0.0.1:1/a.pdf'))
  })

  it('knows public addresses', () => {
    for (const address of ['52.112.0.1', '13.107.136.9', '2620:1ec:8f8::9', '2603:1000::1'])
      assert.ok(isPublicAddress(address), address)
  })
})

describe('a member whose file lies in the store', () => {
  let server: Server
  let answer: RequestListener
  let url = ''
  const seen: IncomingMessage[] = []
  before(async () => {
    server = createServer((req, res) => {
      seen.push(req)
      answer(req, res)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    url = `http://localhost:${portOf(server)}/a.pdf?tempauth=secret`
  })
  beforeEach(() => void (seen.length = 0))
  after(() => {
    server.closeAllConnections()
    server.close()
  })

  const fetching = ({ resolve = resolvesTo('127.0.0.1'), named = [] as string[] } = {}) =>
    createFileDownload({
      hosts: createFileHosts([`localhost:${portOf(server)}`, ...named]),
      resolve,
      limits,
    })

  async function outcome(download = fetching(), address = url): Promise<string> {
    const opened = await download(address)
    if (!opened.ok) return opened.reason
    try {
      return (await allOf(opened.bytes)).toString()
    } catch {
      return opened.isBroken() ? 'broken' : 'thrown'
    }
  }

  it('gets it, and nothing is said of who asks', async () => {
    answer = (_req, res) => void res.end('%PDF')
    assert.equal(await outcome(), '%PDF')
    const names = Object.keys(seen[0]?.headers ?? {}).sort()
    assert.deepEqual(names, ['accept', 'accept-encoding', 'connection', 'host'])
    assert.equal(seen[0]?.headers['accept-encoding'], 'identity')
  })

  it('is asked for its name once, so that the address that was looked at is the one connected to', async () => {
    answer = (_req, res) => void res.end('%PDF')
    let asked = 0
    const resolve: Resolve = async () => [{ address: asked++ === 0 ? '127.0.0.1' : '169.254.169.254', family: 4 }]
    assert.equal(await outcome(fetching({ resolve })), '%PDF')
    assert.equal(asked, 1)
  })

  it('is fetched from the address that was looked at, whatever its name would lead to by itself', async () => {
    const elsewhere = createServer((_req, res) => void res.end('%PDF')).listen(0, '127.0.0.2')
    await once(elsewhere, 'listening')
    const named = [`localhost:${portOf(elsewhere)}`]
    const download = fetching({ named, resolve: resolvesTo('127.0.0.2') })
    assert.equal(await outcome(download, `http://localhost:${portOf(elsewhere)}/a.pdf`), '%PDF')
    elsewhere.close()
  })

  it('is fetched over https only from who proves to be the store', async () => {
    const { cert } = loopbackCertificate
    const store = createSecureServer(loopbackCertificate, (_req, res) => void res.end('%PDF')).listen(0, '127.0.0.1')
    await once(store, 'listening')
    const named = [`localhost:${portOf(store)}`]
    const address = `https://localhost:${portOf(store)}/a.pdf`
    const trusted = getCACertificates('default')
    try {
      assert.equal(await outcome(fetching({ named }), address), 'unreachable')
      setDefaultCACertificates([...trusted, cert])
      assert.equal(await outcome(fetching({ named }), address), '%PDF')
    } finally {
      setDefaultCACertificates(trusted)
      store.close()
    }
  })

  it('is looked at anew for each connection', async () => {
    let asked = 0
    answer = (_req, res) => void res.writeHead(302, { location: url }).end()
    const resolve: Resolve = async () => [{ address: asked++ === 0 ? '127.0.0.1' : '169.254.169.254', family: 4 }]
    assert.equal(await outcome(fetching({ resolve })), 'notAllowed')
    assert.equal(seen.length, 1)
  })

  it('follows the store to another of its places, but not for ever', async () => {
    answer = (req, res) =>
      req.url === '/there' ? void res.end('%PDF') : void res.writeHead(302, { location: '/there' }).end('moved')
    assert.equal(await outcome(), '%PDF')
    answer = (_req, res) => void res.writeHead(302, { location: url }).end()
    seen.length = 0
    assert.equal(await outcome(), 'notAllowed')
    assert.equal(seen.length, 4)
  })

  for (const location of [
    'https://files.example/a.pdf',
    'http://127.0.0.1:22/',
    '//169.254.169.254/latest',
    'file:///etc/passwd',
    'http://user@localhost/a.pdf',
  ])
    it(`does not follow it to ${location}`, async () => {
      answer = (_req, res) => void res.writeHead(302, { location }).end()
      assert.equal(await outcome(), 'notAllowed')
      assert.equal(seen.length, 1)
    })

  for (const status of [401, 403, 404, 410, 204, 206, 304, 418])
    it(`is told to share it again after ${status}`, async () => {
      answer = (_req, res) => void res.writeHead(status).end()
      assert.equal(await outcome(), 'expired')
    })

  it('is waited for once more where the store is busy', async () => {
    let times = 0
    answer = (_req, res) => void (times++ === 0 ? res.writeHead(503).end() : res.end('%PDF'))
    assert.equal(await outcome(), '%PDF')
    answer = (_req, res) => void res.writeHead(503).end()
    assert.equal(await outcome(), 'unreachable')
    assert.equal(seen.length, 4)
  })

  it('is told that it did not come where nobody is there, or the name is not known', async () => {
    const gone = createServer().listen(0, '127.0.0.1')
    await once(gone, 'listening')
    const port = portOf(gone)
    gone.close()
    await once(gone, 'close')
    const named = [`localhost:${port}`]
    assert.equal(await outcome(fetching({ named }), `http://localhost:${port}/a.pdf`), 'unreachable')
    const resolve: Resolve = () => Promise.reject(new Error('ENOTFOUND'))
    assert.equal(await outcome(fetching({ resolve })), 'unreachable')
  })

  it('has not its file unpacked', async () => {
    for (const encoding of ['gzip', 'br', 'identity, gzip']) {
      answer = (_req, res) => void res.writeHead(200, { 'content-encoding': encoding }).end(gzipSync('%PDF'))
      assert.equal(await outcome(), 'unreachable', encoding)
    }
  })

  it('is told of a file that says that it is too long before it is read', async () => {
    answer = (_req, res) => {
      res.writeHead(200, { 'content-length': MAX_DOCUMENT_BYTES + 1 })
      res.write('%PDF')
    }
    assert.equal(await outcome(), 'tooLarge')
  })

  it('has no file that ends before its length', async () => {
    answer = (_req, res) => {
      res.strictContentLength = false
      res.writeHead(200, { 'content-length': 100 })
      res.write('%PDF', () => res.socket?.end())
    }
    assert.equal(await outcome(), 'broken')
    answer = (_req, res) => void res.write('%PDF', () => res.socket?.resetAndDestroy())
    assert.equal(await outcome(), 'broken')
  })

  it('does not wait for a store that falls silent', async () => {
    answer = () => undefined
    assert.equal(await outcome(), 'unreachable')
    answer = (_req, res) => void res.write('%PDF')
    assert.equal(await outcome(), 'broken')
  })

  it('gets it from a store that is slow but never silent, however long it takes', async () => {
    answer = (_req, res) => {
      let left = 12
      const drip = setInterval(() => {
        if (left-- > 0) return void res.write('.')
        clearInterval(drip)
        res.end()
      }, 100)
    }
    const hosts = createFileHosts([`localhost:${portOf(server)}`])
    const patient = createFileDownload({
      hosts,
      resolve: resolvesTo('127.0.0.1'),
      limits: { ...limits, silence: 600 },
    })
    assert.equal(await outcome(patient), '.'.repeat(12))
  })

  it('does not wait for a store that never ends', async () => {
    answer = (_req, res) => {
      const drip = setInterval(() => res.write('.'), 20)
      res.on('close', () => clearInterval(drip))
    }
    const hosts = createFileHosts([`localhost:${portOf(server)}`])
    const hurried = createFileDownload({
      hosts,
      resolve: resolvesTo('127.0.0.1'),
      limits: { ...limits, total: 400 },
    })
    assert.equal(await outcome(hurried), 'broken')
  })

  it('ends the connection with whoever stops reading', async () => {
    const closed = new Promise<void>(resolve => {
      answer = (_req, res) => {
        const piece = Buffer.alloc(64 * 1024)
        const pour = (): void => void (res.destroyed || !res.write(piece) || setImmediate(pour))
        res.on('drain', pour).on('close', resolve)
        pour()
      }
    })
    const opened = await fetching()(url)
    assert.ok(opened.ok)
    for await (const _ of opened.bytes) break
    await closed
  })
})
