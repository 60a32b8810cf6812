import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { openProductionStores, startInProduction, type Instance } from '../drivers/moussaada-production.ts'
import { identityOf, type Identity } from '../identity.ts'
import { steps } from '../peer.ts'
import { median } from '../table.ts'

const AT_ONCE = 16
/** Of memory, at minute 2 and at the end; a single look may fall before or after a collection. */
const SAMPLES = 20
const MINUTE = 60_000
/** So many that nobody is back within the minute for which their messages are counted. */
const MEMBERS = 3000

/** MiB of the server itself; the process that checks files is ended and started anew by design. */
async function memoryOf(pid: number): Promise<number> {
  const [, kilobytes] = /^VmRSS:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) / 1024
}

async function memoryAround(pid: number): Promise<number> {
  const samples: number[] = []
  for (let taken = 0; taken < SAMPLES; taken++) {
    samples.push(await memoryOf(pid))
    await sleep(500)
  }
  return median(samples)
}

/** A member's whole request, from the greeting to the number. */
async function request(instance: Instance, identity: Identity): Promise<void> {
  const seat = await instance.openSeat(identity)
  try {
    for (const step of steps) await seat.say(step)
  } finally {
    seat.close()
  }
}

interface Count {
  requests: number
  errors: number
}

function keepAsking(instance: Instance, identities: readonly Identity[], until: number): Promise<Count> {
  const count = { requests: 0, errors: 0 }
  let next = 0
  const one = async () => {
    while (Date.now() < until) {
      const identity = identities[next++ % identities.length]
      if (!identity) return
      await request(instance, identity).then(
        () => count.requests++,
        (error: unknown) => {
          count.errors++
          console.log(String(error).slice(0, 300))
        },
      )
    }
  }
  return Promise.all(Array.from({ length: AT_ONCE }, one)).then(() => count)
}

/** Sixteen members, one whole request after the other. @param minutes more than 2 */
export async function soak(minutes = 10): Promise<void> {
  const identities = Array.from({ length: MEMBERS }, (_, index) => identityOf(index))
  const stores = await openProductionStores()
  try {
    const instance = await startInProduction(stores, { identities })
    const begun = Date.now()
    const asking = keepAsking(instance, identities, begun + minutes * MINUTE)
    await sleep(2 * MINUTE)
    const early = await memoryAround(instance.pid)
    await sleep(begun + minutes * MINUTE - Date.now() - SAMPLES * 500)
    const late = await memoryAround(instance.pid)
    const { requests, errors } = await asking
    await instance.stop()
    console.log(
      `soak, ${minutes} minutes: ${requests} requests, ${errors} errors; MiB at minute 2 ${early.toFixed(0)}, ` +
        `at the end ${late.toFixed(0)}, ratio ${(late / early).toFixed(3)}`,
    )
    if (errors > 0) process.exitCode = 1
  } finally {
    await stores.close()
  }
}
