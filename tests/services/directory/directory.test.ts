import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, afterEach, before, describe, it } from 'node:test'
import { createDirectory } from '../../../services/directory/directory.ts'
import { createKeyring, generateSecretKey } from '../../../services/keys/keyring.ts'
import { createInProcessCache } from '../../../services/storage/embedded/cache.ts'
import { openGraph, type OpenGraph } from '../../support/graph.ts'

const clock = { at: Date.now() }
const now = () => new Date(clock.at)
const keyring = createKeyring(generateSecretKey())
let graph: OpenGraph

before(async () => {
  graph = await openGraph({ now, limitMs: 300 })
})
after(() => graph.close())
afterEach(() => {
  graph.emulated.faults.clear()
  graph.emulated.asked.length = 0
})

function newcomer(changes = {}) {
  const id = randomUUID()
  const user = { id, userPrincipalName: `${id}@fosmef.example`, displayName: 'Nadia Berrada', ...changes }
  graph.emulated.people.add(user)
  return id
}

function open(cache = createInProcessCache({ now })) {
  return { cache, directory: createDirectory({ graph: graph.newGraph(), cache, keyring, now }) }
}

const advance = (seconds: number) => void (clock.at += seconds * 1000)
const unavailable = { found: false, reason: 'unavailable' }

describe('a member opens the assistant in Teams and wants to be recognised', () => {
  it('is found with what the directory holds', async () => {
    const known = { employeeId: '1000001', preferredLanguage: 'ar-MA', mail: 'nadia@fosmef.example' }
    const id = newcomer(known)
    assert.deepEqual(await open().directory.personOf(id), {
      found: true,
      id,
      displayName: 'Nadia Berrada',
      enabled: true,
      guest: false,
      ...known,
    })
  })

  it('is found by the employee number, unless two have the same', async () => {
    const id = newcomer({ employeeId: "20'01" })
    const { directory } = open()
    const found = await directory.personWith("20'01")
    assert.equal(found.found && found.id, id)
    newcomer({ employeeId: 'twice' })
    newcomer({ employeeId: 'twice' })
    newcomer({ employeeId: 'left', accountEnabled: false })
    const stayed = await (newcomer({ employeeId: 'left' }), directory.personWith('left'))
    assert.equal(stayed.found && stayed.enabled, true)
    for (const ppr of ['twice', 'nobody', "' or 1 eq 1"])
      assert.deepEqual(await directory.personWith(ppr), { found: false, reason: 'unknown' })
  })

  it('is asked for once, however many messages come at the same time', async () => {
    const id = newcomer()
    const { directory } = open()
    await Promise.all([1, 2, 3].map(() => directory.personOf(id)))
    await directory.personOf(id.toUpperCase())
    assert.deepEqual(graph.emulated.asked, ['person'])
  })
})

describe('a member whose account has an id that is no RFC UUID', () => {
  for (const id of ['5A6b7C8d-1111-0222-0333-abcdefabcdef', '00000000-0000-0000-0000-0000000000020', 'a b+c%2F='])
    it(`is found by ${id}`, async () => {
      graph.emulated.people.add({ id, userPrincipalName: 'someone@fosmef.example', displayName: 'Nadia' })
      const found = await open().directory.personOf(id)
      assert.equal(found.found && found.id, id)
    })

  it('and by nothing that Graph takes in the place of an id', async () => {
    newcomer({ userPrincipalName: 'nadia@fosmef.example' })
    for (const name of ['nadia@fosmef.example', '..', '.', '$count', 'a/b', 'a\\b', 'a\u0000', 'x'.repeat(501)])
      assert.deepEqual(await open().directory.personOf(name), { found: false, reason: 'unknown' }, name)
  })
})

describe('whoever decides about access wants to see guests, the disabled and strangers as such', () => {
  it('sees them', async () => {
    const { directory } = open()
    const guest = await directory.personOf(newcomer({ userType: 'Guest' }))
    const left = await directory.personOf(newcomer({ accountEnabled: false }))
    assert.deepEqual([guest.found && guest.guest, left.found && left.enabled], [true, false])
    for (const id of [randomUUID(), 'not-an-id', '../users', ''])
      assert.deepEqual(await directory.personOf(id), { found: false, reason: 'unknown' })
  })

  it('sees a change after ten minutes, and a newcomer after one', async () => {
    const { directory } = open()
    const id = newcomer()
    await directory.personOf(id)
    graph.emulated.people.add({ id, userPrincipalName: 'x', displayName: 'Nadia', accountEnabled: false })
    advance(599)
    assert.equal((await directory.personOf(id)).found && 'same', 'same')
    advance(2)
    const changed = await directory.personOf(id)
    assert.equal(changed.found && changed.enabled, false)
    const late = randomUUID()
    assert.equal((await directory.personOf(late)).found, false)
    graph.emulated.people.add({ id: late, userPrincipalName: 'y', displayName: 'Late' })
    advance(61)
    assert.equal((await directory.personOf(late)).found, true)
  })

  it('keeps nothing readable in the cache', async () => {
    const kept: string[] = []
    const inner = createInProcessCache({ now })
    const id = newcomer({ mail: 'nadia@fosmef.example' })
    const cache = {
      ...inner,
      set: (...entry: [string, string, number]) => (kept.push(...entry.map(String)), inner.set(...entry)),
    }
    await open(cache).directory.personOf(id)
    assert.ok(kept.length > 0)
    assert.doesNotMatch(kept.join(' '), new RegExp(`${id}|nadia|Berrada`, 'i'))
  })
})

describe('Graph is throttled, slow or away, and a member does not want to wait for it', () => {
  for (const [name, fault] of [
    ['answers 503', { kind: 'status', status: 503 }],
    ['answers 500', { kind: 'status', status: 500 }],
    ['breaks the connection', { kind: 'reset' }],
    ['does not answer in time', { kind: 'slow', ms: 2000 }],
  ] as const) {
    it(`is told so when it ${name}, and asked again at the next message`, async () => {
      const { directory } = open()
      const id = newcomer()
      graph.emulated.faults.plan(fault)
      assert.deepEqual(await directory.personOf(id), unavailable)
      assert.equal((await directory.personOf(id)).found, true)
    })
  }

  it('serves the old answer for an hour', async () => {
    const { directory } = open()
    const id = newcomer()
    await directory.personOf(id)
    graph.emulated.faults.plan({ kind: 'status', status: 503 }, { times: 2 })
    advance(3500)
    assert.equal((await directory.personOf(id)).found, true)
    assert.equal(graph.emulated.asked.length, 2)
    advance(200)
    assert.deepEqual(await directory.personOf(id), unavailable)
  })

  it('leaves a throttled Graph alone for as long as it asks', async () => {
    const { directory } = open()
    graph.emulated.faults.plan({ kind: 'status', status: 429, retryAfterSeconds: 30 })
    assert.deepEqual(await directory.personOf(newcomer()), unavailable)
    advance(29)
    assert.deepEqual(await directory.personOf(newcomer()), unavailable)
    assert.equal(graph.emulated.asked.length, 1)
    advance(2)
    assert.equal((await directory.personOf(newcomer())).found, true)
  })

  it('stops asking after three failures, and lets one try after fifteen seconds', async () => {
    const { directory } = open()
    graph.emulated.faults.plan({ kind: 'reset' }, { times: 4 })
    for (let message = 0; message < 6; message++) assert.deepEqual(await directory.personOf(newcomer()), unavailable)
    assert.equal(graph.emulated.asked.length, 3)
    advance(16)
    await Promise.all([1, 2, 3].map(() => directory.personOf(newcomer())))
    assert.equal(graph.emulated.asked.length, 4)
    advance(16)
    assert.equal((await directory.personOf(newcomer())).found, true)
    assert.equal((await directory.personOf(newcomer())).found, true)
  })

  it('is as if away while no token can be had, or while consent is missing', async () => {
    graph.identity.outage = 503
    const fresh = await openGraph({ now })
    fresh.identity.outage = 503
    const directory = createDirectory({ graph: fresh.graph, cache: createInProcessCache({ now }), keyring, now })
    assert.deepEqual(await directory.personOf(randomUUID()), unavailable)
    await fresh.close()
    graph.identity.outage = undefined
    graph.emulated.faults.plan({ kind: 'status', status: 403 })
    assert.deepEqual(await open().directory.personOf(newcomer()), unavailable)
  })

  it('is told at once all the same when only the token was refused', async () => {
    const { directory } = open()
    const id = newcomer()
    const before = graph.identity.counts.tokens
    graph.emulated.faults.plan({ kind: 'status', status: 401 })
    assert.equal((await directory.personOf(id)).found, true)
    assert.equal(graph.identity.counts.tokens, before + 1)
  })
})
