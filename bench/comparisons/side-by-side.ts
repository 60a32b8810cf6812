import { rm } from 'node:fs/promises'
import { botbuilder } from '../drivers/botbuilder.ts'
import { echo } from '../drivers/echo.ts'
import { moussaadaInProduction, openProductionStores } from '../drivers/moussaada-production.ts'
import { moussaada, prepareData } from '../drivers/moussaada.ts'
import { promise } from '../drivers/promise.ts'
import { identityOf } from '../identity.ts'
import { identitiesFor, playRound, type Load, type Measured } from '../round.ts'
import { spread, tableOf } from '../table.ts'

/** V8 compiles what is used often only after some thousand turns of a botbuilder dialog: hence the warming. */
const load: Load = { members: 64, warming: 12, counted: 5, whole: 1, few: 4, fewWaves: 20 }
/** Between rounds of the bare server. Above it the machine was busy with something else. */
const QUIET = 1.5

/** Whole conversations with the product in both its forms, with a stock botbuilder waterfall, and with two bare servers. */
export async function sideBySide(rounds = 5): Promise<void> {
  const identities = Array.from({ length: identitiesFor(load) }, (_, index) => identityOf(index))
  const stores = await openProductionStores()
  const prepared = await prepareData(identities)
  const peers = [moussaadaInProduction(stores, identities), moussaada(prepared), botbuilder, promise(stores), echo]
  const measured = new Map<string, Measured[]>(peers.map(({ name }) => [name, []]))
  try {
    for (let round = 1; round <= rounds; round++) {
      for (const peer of peers) {
        const result = await playRound(peer, load, identities)
        measured.get(peer.name)?.push(result)
        const shown = Object.entries(result).map(([key, value]) => `${key} ${Number(value).toFixed(2)}`)
        console.log(`${round} ${peer.name}: ${shown.join(', ')}`)
      }
    }
  } finally {
    await Promise.all([rm(prepared, { recursive: true }), stores.close()])
  }
  console.log(`\n${tableOf(measured)}\n`)
  const noise = spread((measured.get(echo.name) ?? []).map(({ turnsPerSecond }) => turnsPerSecond))
  console.log(`The bare server's own rounds differ by ${noise.toFixed(2)}×.`)
  if (noise <= QUIET) return
  console.log('Too noisy for turns a second and times: only processor time a turn and memory can be compared.')
  process.exitCode = 1
}
