import assert from 'node:assert/strict'
import { after, describe, it, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import type { WebSocket } from 'ws'
import { residentMiB } from '../../services/documents/pdf-check/watch-memory.ts'
import { cpuOf } from '../support/server-process.ts'
import { fullOr, isFull } from '../support/full-numbers.ts'
import { useCluster } from './support/cluster.ts'
import { openViewers, SOCKETS_OF_A_MEMBER } from './support/viewers.ts'

/** What one instance must bear, and in how much memory. */
const FULL = 10_000
const LIMIT_MIB = 1_024
const count = Number(process.env['FAULTS_SOCKETS'] ?? fullOr(FULL, 600))
const atOnce = 10

describe('an operator whose members leave the chat open', { timeout: 30 * 60_000 }, () => {
  const members = count / SOCKETS_OF_A_MEMBER
  const cluster = useCluster({ members, instances: 1 })
  const sockets: WebSocket[] = []
  const closed: number[] = []

  after(() => sockets.forEach(socket => socket.terminate()))

  async function openAll(pprs: readonly string[], port: number): Promise<void> {
    const waiting = [...pprs]
    const lane = async (): Promise<void> => {
      for (let ppr = waiting.shift(); ppr !== undefined; ppr = waiting.shift())
        for (const socket of await openViewers(cluster(), ppr, port)) {
          sockets.push(socket)
          socket.on('close', code => closed.push(code))
        }
    }
    await Promise.all(Array.from({ length: atOnce }, lane))
  }

  it(`holds ${count} of their sockets in a gibibyte`, async t => {
    const [instance] = cluster().instances
    assert.ok(instance)
    const pprs = cluster().enrolled.map(({ ppr }) => ppr)
    // What the first members bring about is there for all of them: code, caches, connections.
    const first = Math.ceil(members / 3)
    await openAll(pprs.slice(0, first), instance.port)
    const some = { sockets: sockets.length, memory: residentMiB(instance.pid()) }
    await openAll(pprs.slice(first), instance.port)
    if (isFull) await lookAtIdle(instance.pid(), t)
    const memory = residentMiB(instance.pid())
    const each = (memory - some.memory) / (sockets.length - some.sockets)
    t.diagnostic(`${some.sockets} sockets: ${some.memory.toFixed()} MiB, ${sockets.length}: ${memory.toFixed()} MiB`)
    t.diagnostic(`${(each * 1024).toFixed()} KiB for each of the later ones, with what their arrival left to collect`)
    assert.deepEqual(closed, [])
    assert.ok(memory < LIMIT_MIB)
  })

  /** Each socket reads its conversation again within 15 s. */
  async function lookAtIdle(pid: number, t: TestContext): Promise<void> {
    const before = await cpuOf(pid)
    await delay(16_000)
    t.diagnostic(`idle, it uses ${Math.round((await cpuOf(pid)) - before) / 160} % of a processor`)
  }
})
