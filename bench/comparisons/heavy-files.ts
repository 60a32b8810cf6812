import { openFileSender, type FileSender } from '../drivers/file-sender.ts'
import { openProductionStores, startInProduction, type Instance } from '../drivers/moussaada-production.ts'
import { identityOf, type Identity } from '../identity.ts'
import { median } from '../table.ts'

const before = ['hello', 'consent', 'rib', 'beneficiary', 'motif'] as const
const MEMBERS = 4
const WARMING = 12
/** Times with files under way and times without take turns, so that a machine that slows down takes both along. */
const ROUNDS = 8
/** Of files that only warm up: their way in is compiled as any other. */
const WARMING_FILES = 2
/** More than are talked in a round. */
const MOST_WAVES = 200
async function timed(instance: Instance, identities: readonly Identity[]): Promise<number[]> {
  const times: number[] = []
  const seats = await Promise.all(identities.map(identity => instance.openSeat(identity)))
  const talk = async (seat: (typeof seats)[number]) => {
    for (const step of before) {
      const begun = performance.now()
      await seat.say(step)
      times.push(performance.now() - begun)
    }
  }
  await Promise.all(seats.map(talk))
  for (const seat of seats) seat.close()
  return times
}

const p99 = (times: readonly number[]) => times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? Number.NaN

/** Others talk as long as a file of 20 MiB and one of 6,000 pages come in and are checked, wave after wave. */
async function withFiles(talk: () => Promise<number[]>, senders: readonly FileSender[]) {
  const waves: number[][] = []
  const begun = performance.now()
  let checked: number | undefined
  const sending = Promise.all(senders.map(sender => sender.send())).then(() => (checked = performance.now() - begun))
  while (checked === undefined) waves.push(await talk())
  return { waves, checked: await sending }
}

/** As many waves again, with no file under way. */
async function withoutFiles(talk: () => Promise<number[]>, waves: number) {
  const times: number[] = []
  for (let wave = 0; wave < waves; wave++) times.push(...(await talk()))
  return times
}

/** Whether whoever sends a large file keeps others waiting. */
export async function heavyFiles(rounds = ROUNDS, warming = WARMING): Promise<void> {
  const identities = Array.from({ length: (warming + (rounds + WARMING_FILES) * MOST_WAVES) * MEMBERS }, (_, index) =>
    identityOf(index),
  )
  const next = (count: number) => identities.splice(0, count)
  const stores = await openProductionStores()
  try {
    const instance = await startInProduction(stores, { identities: [...identities] })
    const senders = (['scan', 'many pages'] as const).map(kind => openFileSender(instance.door, kind))
    const talk = () => timed(instance, next(MEMBERS))
    for (let wave = 0; wave < warming; wave++) await talk()
    const measured: { during: number[]; without: number[]; checked: number }[] = []
    for (let round = 0; round < WARMING_FILES + rounds; round++) {
      for (const sender of senders) for (const identity of next(1)) await sender.prepare(identity)
      const { waves, checked } = await withFiles(talk, senders)
      measured.push({ during: waves.flat(), without: await withoutFiles(talk, waves.length), checked })
    }
    const warm = measured.slice(WARMING_FILES)
    const during = warm.flatMap(round => round.during)
    const without = warm.flatMap(round => round.without)
    await Promise.all(senders.map(sender => sender.close()))
    await instance.stop()
    console.log(
      `files: others' p99 ${p99(during).toFixed(1)} ms with, ${p99(without).toFixed(1)} ms without, ratio ` +
        `${(p99(during) / p99(without)).toFixed(2)}; medians ${median(during).toFixed(1)} and ${median(without).toFixed(1)} ms, ` +
        `ratio ${(median(during) / median(without)).toFixed(2)}; both files answered within ${median(warm.map(round => round.checked)).toFixed(0)} ms`,
    )
  } finally {
    await stores.close()
  }
}
