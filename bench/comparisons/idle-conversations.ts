import pg from 'pg'
import { openProductionStores, startInProduction, type Instance } from '../drivers/moussaada-production.ts'
import { identityOf, type Identity } from '../identity.ts'
import { openInspector } from '../inspector.ts'

const AT_ONCE = 32
/** Each with as many conversations; the first one fills what is bounded, such as tokens that were found good. */
const BATCHES = 3

/** Up to the question for the motif, with the page closed then. */
async function leaveMidForm(instance: Instance, identities: readonly Identity[]): Promise<void> {
  for (let first = 0; first < identities.length; first += AT_ONCE)
    await Promise.all(
      identities.slice(first, first + AT_ONCE).map(async identity => {
        const seat = await instance.openSeat(identity)
        for (const step of ['hello', 'consent', 'rib', 'beneficiary'] as const) await seat.say(step)
        seat.close()
      }),
    )
}

const sizes = `
select avg(octet_length(state))::float8 as state, avg(pg_column_size(draft.*))::float8 as draft
from conversation join draft using (member_id)`

async function stateBytes(databaseUrl: string): Promise<{ state: number; draft: number }> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  const { rows } = await client.query<{ state: number; draft: number }>(sizes)
  await client.end()
  if (!rows[0]) throw new Error('there is no conversation')
  return rows[0]
}

/** What a conversation costs that stands in the middle of a form with nobody there. */
export async function idleConversations(count = 512): Promise<void> {
  const identities = Array.from({ length: count * BATCHES }, (_, index) => identityOf(index))
  const stores = await openProductionStores()
  try {
    const settings = { NODE_OPTIONS: '--inspect=127.0.0.1:0' }
    const instance = await startInProduction(stores, { identities, settings })
    const inspector = await openInspector(instance.output())
    const heaps: number[] = []
    for (let first = 0; first < identities.length; first += count) {
      await leaveMidForm(instance, identities.slice(first, first + count))
      heaps.push(await inspector.heapAfterCollection())
    }
    inspector.close()
    const { state, draft } = await stateBytes(instance.databaseUrl)
    await instance.stop()
    const growth = heaps.slice(1).map((heap, index) => (heap - (heaps[index] ?? Number.NaN)) / count)
    console.log(
      `idle conversation: state ${state.toFixed(0)} bytes, draft ${draft.toFixed(0)} bytes; heap of the process by ` +
        `conversation: ${growth.map(bytes => bytes.toFixed(0)).join(', ')} bytes (${count} each)`,
    )
  } finally {
    await stores.close()
  }
}
