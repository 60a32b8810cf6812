import { z } from 'zod'
import type { Keyring } from '../keys/keyring.ts'
import { sealedHeader } from '../keys/seal.ts'
import type { Database } from '../storage/database.ts'
import { keysOfDrafts, renewDraftHashes } from './draft-hashes.ts'
import { sealedKinds, type SealedKind } from './sealed-kinds.ts'
import { resealRows } from './sealed-rows.ts'
import { walk } from './walk.ts'

export interface ResealReport {
  /** What was sealed anew, by what it is. */
  readonly renewed: Readonly<Record<SealedKind['name'] | 'draft', number>>
  /** Damaged, or of a key that SECRET_KEY does not hold: left as it was. */
  readonly unreadable: number
  /** Keys that are not the current one and still close something, by id, with how much. */
  readonly inUse: readonly { readonly key: string; readonly count: number }[]
}

export interface KeyRotation {
  /**
   * Seals under the current key whatever is under another, the oldest first, in small transactions: it may be ended at
   * any moment and run again, beside members and beside itself.
   * @param onProgress called after each transaction
   */
  reseal(onProgress?: (renewed: number) => void): Promise<ResealReport>
}

interface Deps {
  readonly database: Database
  readonly keyring: Keyring
}

export function createKeyRotation(deps: Deps): KeyRotation {
  const { database, keyring } = deps
  return {
    async reseal(onProgress = () => undefined) {
      const renewed = { member: 0, dossier: 0, document: 0, upload: 0, draft: 0 }
      let unreadable = 0
      for (const kind of sealedKinds) {
        const walked = await walk(after => resealRows(deps, kind, after), onProgress)
        renewed[kind.name] += walked.renewed
        unreadable += walked.unreadable
      }
      renewed.draft += (await walk(after => renewDraftHashes(deps, after), onProgress)).renewed
      return { renewed, unreadable, inUse: await keysInUse(database, keyring) }
    },
  }
}

const inUseRow = z.object({ key: z.string(), count: z.number() })

/** A value begins with its version, the length of its key's id, and that id; what is shorter names no key. */
const keysOf = ({ table, column }: SealedKind) => `
select encode(substring(${column} from 3 for least(get_byte(${column}, 1), 32)), 'escape') as key
from ${table} where octet_length(${column}) > 2 and substring(${column} from 1 for $1) <> $2`

const inUse = `
select key, count(*)::int as count from (
  ${sealedKinds.map(keysOf).join(' union all ')}) as held group by key order by key`

async function keysInUse(database: Database, keyring: Keyring): Promise<ResealReport['inUse']> {
  const header = sealedHeader(keyring.current('rib').id)
  const { rows } = await database.query(inUse, [header.length, header])
  const held = new Map(rows.map(row => inUseRow.parse(row)).map(({ key, count }) => [key, count]))
  for (const key of await keysOfDrafts(database, keyring)) held.set(key, (held.get(key) ?? 0) + 1)
  return [...held].map(([key, count]) => ({ key, count }))
}
