import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openProductionStores, startInProduction, type Instance } from '../drivers/moussaada-production.ts'
import { identityOf, type Identity } from '../identity.ts'
import { steps } from '../peer.ts'
import { cpuOf } from '../../tests/support/server-process.ts'
import { median } from '../table.ts'
import { storedSubmits } from './stored-submits.ts'

const MEMBERS = 16
const BATCHES = 12
/** Batches that only warm up. */
const WARMING = 4
/** A page of PostgreSQL. */
const PAGE = Buffer.alloc(8192, 1)
const SYNC_SECONDS = 2

/** How often this disk says within a second that a page is on it. */
function syncsPerSecond(): number {
  const path = join(tmpdir(), `moussaada-bench-sync-${process.pid}`)
  const file = openSync(path, 'w')
  const end = performance.now() + SYNC_SECONDS * 1000
  let count = 0
  for (; performance.now() < end; count++) {
    writeSync(file, PAGE, 0, PAGE.length, 0)
    fdatasyncSync(file)
  }
  closeSync(file)
  rmSync(path)
  return count / SYNC_SECONDS
}

/** Sixteen members with finished drafts press *Terminer* at the same moment. */
async function batch(instance: Instance, identities: readonly Identity[]) {
  const seats = await Promise.all(identities.map(identity => instance.openSeat(identity)))
  await Promise.all(
    seats.map(async seat => {
      for (const step of steps.slice(0, -1)) await seat.say(step)
    }),
  )
  const cpu = await cpuOf(instance.pid)
  const begun = performance.now()
  await Promise.all(seats.map(seat => seat.say('submit')))
  const seconds = (performance.now() - begun) / 1000
  const used = (await cpuOf(instance.pid)) - cpu
  for (const seat of seats) seat.close()
  return { perSecond: MEMBERS / seconds, cpu: used / MEMBERS }
}

/** Dossiers that are on the disk before their members are told, over what the disk can sync by itself. */
export async function submits(batches = BATCHES): Promise<void> {
  const identities = Array.from({ length: MEMBERS * (batches + WARMING) }, (_, index) => identityOf(index))
  const stores = await openProductionStores()
  const before = syncsPerSecond()
  try {
    const instance = await startInProduction(stores, { identities })
    const results = []
    for (let first = 0; first < identities.length; first += MEMBERS)
      results.push(await batch(instance, identities.slice(first, first + MEMBERS)))
    await instance.stop()
    const warm = results.slice(WARMING)
    const perSecond = median(warm.map(result => result.perSecond))
    const syncs = (before + syncsPerSecond()) / 2
    const cpu = median(warm.map(result => result.cpu))
    const stored = await storedSubmits(stores, { count: 1600, atOnce: MEMBERS })
    const after = syncsPerSecond()
    console.log(
      `submits: ${perSecond.toFixed(0)}/s, fdatasync ${syncs.toFixed(0)}/s, ratio ${(perSecond / syncs).toFixed(3)}; ` +
        `${cpu.toFixed(1)} ms of processor time a submit`,
    )
    console.log(
      `its transaction alone: ${stored.toFixed(0)}/s, fdatasync ${after.toFixed(0)}/s, ratio ${(stored / after).toFixed(3)}`,
    )
  } finally {
    await stores.close()
  }
}
