import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { hashActivationCode, newActivationCode } from '../../services/accounts/activation-code.ts'
import { disableMember } from '../../services/accounts/disable-member.ts'
import { openSocket, upgradeStatus } from '../channels/support/raw-socket.ts'
import type { RawSocket } from '../channels/support/raw-socket.ts'
import { ask, openConversation } from '../channels/support/requests.ts'
import type { Opened } from '../channels/support/requests.ts'
import { cookieOf } from '../support/portal.ts'
import { useCluster } from './support/cluster.ts'

const WITHIN_MS = 5_000
const SESSION_ENDED = 4401
const password = 'une phrase assez longue 27'

interface Page {
  readonly cookie: string
  readonly conversation: Opened
  /** One on each instance. */
  readonly sockets: readonly RawSocket[]
  readonly unusedTicket: string
}

describe('a member of several instances whose session ends', { timeout: 10 * 60_000 }, () => {
  const cluster = useCluster({ members: 8 })
  const urls = () => cluster().instances.map(({ port }) => `http://127.0.0.1:${port}`)
  const domains = () => urls().map(url => `${url}/v3/directline`)
  const [first, second] = [0, 1]
  let next = 0

  const on = (instance: number, path: string, { cookie = '', body }: { cookie?: string; body?: object } = {}) =>
    fetch(`${urls()[instance]}${path}`, {
      method: 'POST',
      headers: { origin: cluster().url, 'content-type': 'application/json', cookie },
      ...(body && { body: JSON.stringify(body) }),
    })

  async function newMember(): Promise<{ ppr: string; id: string }> {
    const ppr = cluster().enrolled[next++]?.ppr ?? ''
    const { rows } = await cluster().base.database.query('select id from member where ppr = $1', [ppr])
    return { ppr, id: String(rows[0]?.id) }
  }

  /** Sets a password by a code, on the first instance. @returns the cookie */
  async function activate({ ppr, id }: { ppr: string; id: string }): Promise<string> {
    const code = newActivationCode(randomBytes)
    const hash = hashActivationCode(code)
    await cluster().base.database.query('update member set activation_hash = $2 where id = $1', [id, hash])
    const answer = await on(first, '/signin/activate', { body: { ppr, code, password } })
    assert.equal(answer.status, 204)
    return cookieOf(answer)
  }

  const inDomain = (url: string, instance: number) =>
    `${urls()[instance]?.replace('http', 'ws')}${new URL(url).pathname}${new URL(url).search}`

  async function pageWith(cookie: string): Promise<Page> {
    const { token } = (await (await on(first, '/webchat/token', { cookie })).json()) as { token: string }
    return { ...(await pageOf(token)), cookie }
  }

  async function pageOf(token: string): Promise<Page> {
    const conversation = await openConversation(domains()[first] ?? '', token)
    const address = async () =>
      String(
        (await ask(domains()[first] ?? '', `GET /conversations/${conversation.conversationId}`, { token })).json
          .streamUrl,
      )
    const origin = cluster().url
    const sockets = [
      await openSocket(inDomain(conversation.streamUrl, first), { origin }),
      await openSocket(inDomain(await address(), second), { origin }),
    ]
    const used = await upgradeStatus(inDomain(conversation.streamUrl, second), { origin })
    assert.equal(used, 401, 'a ticket that was used on the other instance')
    return { cookie: '', conversation, sockets, unusedTicket: await address() }
  }

  const readsOn = async ({ conversation: { conversationId, token } }: Page) =>
    Promise.all(
      domains().flatMap(domain => [
        ask(domain, `GET /conversations/${conversationId}/activities`, { token }).then(({ status }) => status),
        ask(domain, 'POST /tokens/refresh', { token }).then(({ status }) => status),
      ]),
    )

  async function isAllOver(page: Page): Promise<void> {
    const begun = performance.now()
    const codes = await Promise.all(page.sockets.map(({ closed }) => closed))
    let statuses = await readsOn(page)
    while (performance.now() - begun < WITHIN_MS && statuses.some(status => status !== 401)) {
      await delay(200)
      statuses = await readsOn(page)
    }
    const took = performance.now() - begun
    assert.deepEqual(
      [codes, statuses],
      [
        [SESSION_ENDED, SESSION_ENDED],
        [401, 401, 401, 401],
      ],
    )
    assert.equal(await upgradeStatus(inDomain(page.unusedTicket, second), { origin: cluster().url }), 401)
    assert.ok(took < WITHIN_MS, `${took} ms`)
  }

  async function goesOn(page: Page): Promise<void> {
    assert.deepEqual(await readsOn(page), [200, 200, 200, 200])
    for (const { socket } of page.sockets) assert.equal(socket.readyState, socket.OPEN)
    for (const { socket } of page.sockets) socket.terminate()
  }

  it('by signing out is out of both, and stays signed in on the phone', async () => {
    const member = await newMember()
    const desk = await pageWith(await activate(member))
    const signedIn = await on(second, '/signin', { body: { ppr: member.ppr, password } })
    const phone = await pageWith(cookieOf(signedIn))
    await on(second, '/signout', { cookie: desk.cookie })
    await isAllOver(desk)
    await goesOn(phone)
  })

  it('by a new sign-in in the same browser is out of what was open before', async () => {
    const member = await newMember()
    const before = await pageWith(await activate(member))
    await on(second, '/signin', { cookie: before.cookie, body: { ppr: member.ppr, password } })
    await isAllOver(before)
  })

  it('by a new password is out everywhere', async () => {
    const member = await newMember()
    const desk = await pageWith(await activate(member))
    await activate(member)
    await isAllOver(desk)
  })

  it('by being disabled is out everywhere, of the portal too', async () => {
    const member = await newMember()
    const desk = await pageWith(await activate(member))
    const portal = await pageOf(((await cluster().enter(member.ppr)) as { token: string }).token)
    const now = () => new Date()
    await cluster().base.database.transaction(tx => disableMember(tx, member.id, { actor: 'system', now }))
    await Promise.all([isAllOver(desk), isAllOver(portal)])
    assert.equal(await cluster().knock(member.ppr), 404)
  })

  it('is out of both also while Redis is away, and after both have started anew', async () => {
    const member = await newMember()
    const desk = await pageWith(await activate(member))
    await cluster().redis.stop()
    await on(second, '/signout', { cookie: desk.cookie })
    await isAllOver(desk)
    await cluster().redis.start()
    await Promise.all(
      cluster().instances.map(async instance => {
        await instance.kill()
        await instance.start()
      }),
    )
    assert.deepEqual(await readsOn(desk), [401, 401, 401, 401])
  })
})
