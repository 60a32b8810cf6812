/*
 * `npm run bench [rounds]`: whole conversations with the product, with the same form on a stock botbuilder waterfall
 * and with a bare HTTP server that answers what it is sent, in turns, each in a process of its own.
 */
import { rm } from 'node:fs/promises'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { botbuilder } from './drivers/botbuilder.ts'
import { echo } from './drivers/echo.ts'
import { moussaada, prepareData } from './drivers/moussaada.ts'
import { identityOf } from './identity.ts'
import { identitiesFor, playRound, type Load, type Measured } from './round.ts'
import { spread, tableOf } from './table.ts'

const load: Load = { members: 64, warming: 3, counted: 5, whole: 1, few: 4, fewWaves: 20 }
/** Between rounds of the bare server. Above it the machine was busy with something else. */
const QUIET = 1.5

const rounds = Number(process.argv[2] ?? 5)
const identities = Array.from({ length: identitiesFor(load) }, (_, index) => identityOf(index))
console.log(
  `${availableParallelism()} × ${cpus()[0]?.model}, Node ${process.version}, load ${loadavg()[0]?.toFixed(1)} at the start`,
)
const prepared = await prepareData(identities)
const peers = [moussaada(prepared), botbuilder, echo]
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
  await rm(prepared, { recursive: true })
}
console.log(`\n${tableOf(measured)}\n`)
const noise = spread((measured.get(echo.name) ?? []).map(({ turnsPerSecond }) => turnsPerSecond))
console.log(`The bare server's own rounds differ by ${noise.toFixed(2)}×.`)
if (noise > QUIET) {
  console.log('Too noisy for turns a second and times: only processor time a turn and memory can be compared.')
  process.exitCode = 1
}
