import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { cookieOf, openPortal, type Portal } from '../../support/portal.ts'

let portal: Portal
before(async () => (portal = await openPortal()))
after(async () => await portal.close())

const demo = { ppr: '1000001', password: 'demo' }
const signIn = async (body: object | string = demo, headers = {}) => await portal.post('/signin', body, headers)

describe('a member on the page', () => {
  it('is told that demo accounts are there, and after signing in sees their name', async () => {
    const before = await portal.get('/session')
    assert.equal(before.status, 401)
    assert.deepEqual(await before.json(), { error: { code: 'signedOut' }, demo: true })
    const answer = await signIn()
    assert.equal(answer.status, 204)
    const after = await portal.get('/session', { cookie: cookieOf(answer) })
    assert.deepEqual([after.status, await after.json()], [200, { name: 'Youssef El Amrani' }])
  })

  it('may type the PPR in Arabic-Indic digits, with spaces', async () => {
    assert.equal((await signIn({ ppr: ' ١٠٠٠ ٠٠١ ', password: 'demo' })).status, 204)
  })

  it('gets a cookie that no script reads and no other site sends, another each time', async () => {
    const first = await signIn()
    assert.match(
      first.headers.get('set-cookie') ?? '',
      /^moussaada=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=604800(,|$)/,
    )
    assert.match(
      first.headers.getSetCookie()[1] ?? '',
      /^moussaada-device=[\w-]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=34560000$/,
      'and one by which the device is known',
    )
    const second = await signIn(demo, { cookie: cookieOf(first) })
    assert.notEqual(cookieOf(second), cookieOf(first))
    assert.equal(
      (await portal.get('/session', { cookie: cookieOf(first) })).status,
      401,
      'the one before is no longer good',
    )
  })

  it('gets a token for the chat, for nobody else', async () => {
    const cookie = cookieOf(await signIn())
    const memberId = (await portal.members.findByPpr('1000001'))?.id
    const answer = await portal.post('/webchat/token', {}, { cookie })
    assert.deepEqual(await answer.json(), { token: `token-of-${memberId}`, userId: `dl_${memberId}`, expiresIn: 1800 })
    for (const other of ['', `moussaada=${'A'.repeat(43)}`, 'moussaada=x', cookie.slice(0, -1)])
      assert.equal((await portal.post('/webchat/token', {}, { cookie: other })).status, 401, other)
  })

  it('asks for at most ten tokens a minute', async () => {
    const cookie = cookieOf(await signIn({ ppr: '1000002', password: 'demo' }))
    const statuses: number[] = []
    for (let ask = 0; ask < 11; ask++) statuses.push((await portal.post('/webchat/token', {}, { cookie })).status)
    assert.deepEqual(statuses, [...Array<number>(10).fill(200), 429])
    const refused = await portal.post('/webchat/token', {}, { cookie })
    assert.ok(Number(refused.headers.get('retry-after')) > 0)
    portal.clock.advance({ minutes: 1 })
    assert.equal((await portal.post('/webchat/token', {}, { cookie })).status, 200)
  })

  it('signs out for good, here and in what is still open', async () => {
    const cookie = cookieOf(await signIn())
    const answer = await portal.post('/signout', {}, { cookie })
    assert.equal(answer.status, 204)
    assert.match(answer.headers.get('set-cookie') ?? '', /^moussaada=; .*Max-Age=0$/)
    assert.equal((await portal.get('/session', { cookie })).status, 401)
    assert.equal((await portal.post('/signout', {})).status, 204, 'a second time too')
  })

  it('activates with a code and is signed in', async () => {
    const codes: string[] = []
    await portal.registerImport.run(
      Buffer.from('ppr;lien;nom;rib\n5;adherent;Real Member;'),
      { replaceDemo: true, newCodes: false },
      async given => {
        codes.push(...given.map(({ code }) => code))
      },
    )
    const activate = async (password: string, code = codes[0]) =>
      await portal.post('/signin/activate', { ppr: '5', code, password })
    const weak = await activate('court')
    assert.deepEqual([weak.status, await weak.json()], [422, { error: { code: 'weakPassword' } }])
    const wrong = await activate('une phrase à moi', 'nope')
    assert.deepEqual([wrong.status, await wrong.json()], [401, { error: { code: 'wrongCredentials' } }])
    const right = await activate('une phrase à moi')
    assert.equal(right.status, 204)
    const session = await portal.get('/session', { cookie: cookieOf(right) })
    assert.deepEqual(await session.json(), { name: 'Real Member' })
    assert.deepEqual(
      await (await portal.get('/session')).json(),
      { error: { code: 'signedOut' } },
      'no demo hint any more',
    )
  })
})

describe('somebody who is not that member', () => {
  it('is answered in the same bytes whether the account exists or not, and held up the same', async () => {
    const answers: string[][] = []
    for (const ppr of ['5', '987654']) {
      const seen: string[] = []
      for (let guess = 0; guess < 101; guess++) {
        const answer = await signIn({ ppr, password: `guess ${guess}` })
        const headers = [...answer.headers].filter(([name]) => name !== 'date' && name !== 'keep-alive')
        seen.push(`${answer.status} ${await answer.text()} ${JSON.stringify(headers)}`)
      }
      answers.push(seen)
    }
    assert.deepEqual(answers[0], answers[1])
    assert.match(answers[0]?.[0] ?? '', /^401 {"error":{"code":"wrongCredentials"}} /)
    assert.match(answers[0]?.[100] ?? '', /^429 {"error":{"code":"knownDevicesOnly","hours":24}} /)
  })

  it('is held up when they ask without end who is signed in, and the devices known there are not', async () => {
    portal.clock.advance({ days: 2 })
    const own = await signIn({ ppr: '5', password: 'une phrase à moi' })
    const cookie = own.headers
      .getSetCookie()
      .map(one => one.split(';', 1)[0])
      .join('; ')
    const asked = await Promise.all(Array.from({ length: 1_210 }, async () => (await portal.get('/session')).status))
    assert.deepEqual([asked.filter(one => one === 401).length, asked.filter(one => one === 429).length], [1_200, 10])
    assert.equal((await portal.get('/session', { cookie })).status, 200)
  })

  it('finds neither PPR nor password in the log', () => {
    assert.ok(portal.logged.some(line => line.includes('signIn.refused')))
    for (const line of portal.logged) assert.doesNotMatch(line, /987654|guess|1000001/)
  })

  it('is slowed down by address before anything is read, and the devices known there are not', async () => {
    portal.clock.advance({ days: 1 })
    const own = { ppr: '5', password: 'une phrase à moi' }
    const device = (await signIn(own)).headers.getSetCookie()[1]?.split(';', 1)[0] ?? ''
    const answers = await Promise.all(Array.from({ length: 245 }, async () => await signIn('{', {})))
    const of = (status: number) => answers.filter(answer => answer.status === status)
    assert.deepEqual([of(400).length, of(429).length], [239, 6])
    assert.ok(Number(of(429)[0]?.headers.get('retry-after')) <= 60)
    assert.equal((await signIn(own)).status, 429)
    assert.equal((await signIn(own, { cookie: device })).status, 204)
    const known = await Promise.all(Array.from({ length: 35 }, async () => await signIn('{', { cookie: device })))
    assert.equal(known.filter(({ status }) => status === 429).length, 6, 'which have a limit of their own')
  })
})
