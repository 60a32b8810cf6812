import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, afterEach, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { openMember, newClientId, type DirectLineMember } from '../support/direct-line-member.ts'
import { startServer, type ServerProcess } from '../support/server-process.ts'
import { mountSmallDisk, type SmallDisk } from '../support/small-disk.ts'

const settings = { DISK_LOW_MB: '150', DISK_LOW_PERCENT: '0', DISK_FULL_MB: '100' }
const say = (text: string) => ({ type: 'message', text })

describe('a member writes while the disk of the service is full', { timeout: 90_000 }, () => {
  let disk: SmallDisk
  let server: ServerProcess
  let member: DirectLineMember
  const members: DirectLineMember[] = []

  before(async () => {
    disk = mountSmallDisk(400)
    server = await start()
    member = await open()
  })
  after(async () => {
    for (const each of members) each.close()
    await server?.kill()
    disk?.close()
  })
  afterEach(() => disk.empty())

  async function open(ppr = '1000001'): Promise<DirectLineMember> {
    const opened = await openMember({ url: server.url, ppr, patience: 20_000 })
    members.push(opened)
    return opened
  }
  const start = () => startServer({ dataDir: join(disk.path, 'data'), settings })
  const lines = (event: string) =>
    server
      .output()
      .split('\n')
      .filter(line => line.includes(`"${event}"`))
  const ready = async () => (await (await fetch(`${server.url}/health/ready`)).json()).status

  async function becomes(wanted: string): Promise<void> {
    for (let looks = 0; (await ready()) !== wanted; looks++) {
      assert.ok(looks < 200, `${wanted}, not ${await ready()}`)
      await sleep(100)
    }
  }
  async function stored(text: string): Promise<void> {
    const id = newClientId()
    await member.sendSurely(id, say(text))
    await member.answered(id)
  }
  /** The client gives out a frame's activities one after the other. */
  async function shows(one: DirectLineMember, text: string): Promise<void> {
    for (let looks = 0; !one.shown().some(each => each.text === text); looks++) {
      assert.ok(looks < 200, text)
      await sleep(50)
    }
  }
  const texts = () => member.shown().map(({ text }) => text)

  it('can read and sign in, is refused with a status that has it sent again, and goes on by itself', async () => {
    await stored('avant')
    disk.fill(60)
    await becomes('readOnly')
    const id = newClientId()
    assert.deepEqual(await member.send(id, say('pendant')), { kind: 'unknown' })
    const other = await open()
    await shows(other, 'avant')
    assert.ok(!other.shown().some(({ text }) => text === 'pendant'))
    other.close()
    assert.equal(lines('storage.full').length, 1)
    assert.match(
      lines('storage.full')[0] ?? '',
      /"dataDir":.*"freeMB":(59|60),"neededMB":125.*"todo":"free or add space/,
    )
    disk.empty()
    await becomes('ready')
    await member.sendSurely(id, say('pendant'))
    await member.answered(id)
    assert.equal(texts().filter(text => text === 'pendant').length, 1)
    assert.equal(lines('storage.ample').length, 1)
  })

  it('and when another program takes the last byte under load, nothing that was acknowledged is lost', async () => {
    const pprs = ['1000002', '1000003', '1000004', '1000005']
    const crowd = await Promise.all(pprs.map(ppr => open(ppr)))
    const acknowledged = await Promise.all(
      crowd.map(async one => {
        const sent: string[] = []
        for (let number = 0; number < 12; number++) {
          const text = `mot ${number}`
          if ((await one.send(newClientId(), say(text))).kind === 'ok') sent.push(text)
          // Before the disk is full, while it is, and once it is known to be.
          if (one === crowd[0] && number === 4) disk.fill(0)
          await sleep(100)
        }
        return sent
      }),
    )
    await becomes('readOnly')
    disk.empty()
    await becomes('ready')
    for (const [index, one] of crowd.entries()) {
      const id = newClientId()
      await one.sendSurely(id, say('après'))
      await one.answered(id)
      one.reload()
      const last = newClientId()
      await one.sendSurely(last, say('ensuite'))
      await one.answered(last)
      await shows(one, 'ensuite')
      const shown = one.shown().map(({ text }) => text)
      const kept = acknowledged[index] ?? []
      assert.ok(kept.length > 2 && kept.length < 12, `${kept.length} of 12 acknowledged`)
      for (const text of kept) assert.equal(shown.filter(each => each === text).length, 1, text)
      one.close()
    }
    assert.doesNotMatch(server.output(), /PANIC|at wasm|RuntimeError/)
  })

  it('and when it is killed and started on the full disk, it says so in one line, waits, and opens by itself', async () => {
    await stored('avant la chute')
    disk.fill(0)
    await becomes('readOnly')
    await server.kill()
    let isUp = false
    const starting = start().then(started => ((isUp = true), started))
    await sleep(4_000)
    assert.equal(isUp, false)
    disk.empty()
    server = await starting
    assert.equal(lines('storage.full').length, 1)
    assert.doesNotMatch(server.output(), /PANIC|at wasm|RuntimeError|does not open/)
    member.close()
    member = await open()
    await shows(member, 'avant la chute')
    await stored('après la chute')
  })
})
