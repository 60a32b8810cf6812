import { randomBytes } from 'node:crypto'
import { openProductionStores, startInProduction, type Instance } from '../drivers/moussaada-production.ts'
import { identityOf, type Identity } from '../identity.ts'
import { pagedPdf } from '../../tests/support/pdfs.ts'
import { median } from '../table.ts'

const before = ['hello', 'consent', 'rib', 'beneficiary', 'motif'] as const
const MEMBERS = 4
const WARMING = 6
/** Waves with files under way and waves without take turns, so that a machine that slows down takes both along. */
const WAVES = 16
const MIB = 1024 * 1024

/** One page with a picture of noise, as a scan is: 20 MiB with what goes around it. */
const scan = () => pagedPdf(1, { more: [{ dictionary: '/Subtype /Image', stream: randomBytes(20 * MIB - 4096) }] })
const manyPages = () => pagedPdf(6000)

async function toTheFile(instance: Instance, identity: Identity, file: Buffer) {
  const seat = await instance.openSeat(identity, file)
  for (const step of before) await seat.say(step)
  return seat
}

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

/** Others talk while a file of 20 MiB and one of 6,000 pages come in and are checked; both get their answer meanwhile. */
async function withFiles(instance: Instance, members: readonly Identity[], senders: readonly Identity[]) {
  const [one, two] = senders
  if (!one || !two) throw new Error('no member is left')
  const seats = await Promise.all([toTheFile(instance, one, scan()), toTheFile(instance, two, manyPages())])
  const [large, long] = seats
  let times: number[] = []
  const talking = timed(instance, members).then(took => (times = took))
  // The file of 6,000 pages is refused by their number, once they are counted, and another one is asked for.
  const sending = Promise.all([large?.say('document'), long?.expect('document', ['"step":"document"'])])
  const begun = performance.now()
  await sending
  const checked = performance.now() - begun
  await talking
  for (const seat of seats) seat.close()
  return { times, checked }
}

/** Whether whoever sends a large file keeps others waiting. */
export async function heavyFiles(waves = WAVES, warming = WARMING): Promise<void> {
  const identities = Array.from({ length: (warming + waves * 2) * (MEMBERS + 2) }, (_, index) => identityOf(index))
  const next = (count: number) => identities.splice(0, count)
  const stores = await openProductionStores()
  try {
    const instance = await startInProduction(stores, { identities: [...identities] })
    for (let wave = 0; wave < warming; wave++) await timed(instance, next(MEMBERS))
    const without: number[] = []
    const during: number[] = []
    const checks: number[] = []
    for (let wave = 0; wave < waves; wave++) {
      without.push(...(await timed(instance, next(MEMBERS))))
      const { times, checked } = await withFiles(instance, next(MEMBERS), next(2))
      during.push(...times)
      checks.push(checked)
    }
    await instance.stop()
    console.log(
      `files: others' p99 ${p99(during).toFixed(1)} ms with, ${p99(without).toFixed(1)} ms without, ratio ` +
        `${(p99(during) / p99(without)).toFixed(2)}; medians ${median(during).toFixed(1)} and ${median(without).toFixed(1)} ms, ` +
        `ratio ${(median(during) / median(without)).toFixed(2)}; both files answered within ${median(checks).toFixed(0)} ms`,
    )
  } finally {
    await stores.close()
  }
}
