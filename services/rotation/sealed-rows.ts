import { z } from 'zod'
import { AppError } from '../errors.ts'
import type { Keyring } from '../keys/keyring.ts'
import { open, seal, sealedHeader } from '../keys/seal.ts'
import type { Database, Transaction } from '../storage/database.ts'
import type { SealedKind } from './sealed-kinds.ts'
import { BATCH, type Cursor, type Step } from './walk.ts'

const sealedRow = z.object({
  at: z.string(),
  key: z.string(),
  associated: z.string(),
  sealed: z.instanceof(Uint8Array),
})
type SealedRow = z.infer<typeof sealedRow>

/**
 * Rows that somebody else holds are passed over: another run of this has them, or a turn is changing them. Other rows may
 * refer to them meanwhile.
 */
const select = ({ table, column, key, associated, at }: SealedKind) => `
select ${at}::text as at, ${key} as key, ${associated} as associated, ${column} as sealed from ${table}
where ${column} is not null and substring(${column} from 1 for $1) <> $2
  and ($3::timestamptz is null or (${at}, ${key}) > ($3::timestamptz, $4::text))
order by ${table}.${at}, ${key} limit ${BATCH} for no key update skip locked`

const update = ({ table, column, key, alsoSet }: SealedKind) => `
update ${table} set ${column} = renewed.sealed${alsoSet === undefined ? '' : `, ${alsoSet} = $3`}
from unnest($1::text[], $2::bytea[]) as renewed (key, sealed) where ${key} = renewed.key`

/** Seals the next rows of one kind under the current key, in a transaction of their own. */
export async function resealRows(
  { database, keyring }: { readonly database: Database; readonly keyring: Keyring },
  kind: SealedKind,
  after: Cursor | undefined,
): Promise<Step> {
  const choice = { keyring, purpose: kind.purpose }
  const { id } = keyring.current(kind.purpose)
  const header = sealedHeader(id)

  const again = ({ sealed, associated }: SealedRow): Buffer | undefined =>
    ifReadable(() => seal(choice, open(choice, sealed, associated), associated))

  async function step(tx: Transaction): Promise<Step> {
    const values = [header.length, header, after?.at ?? null, after?.key ?? null]
    const rows = (await tx.query(select(kind), values)).rows.map(row => sealedRow.parse(row))
    const renewed = rows.flatMap(row => {
      const sealed = again(row)
      return sealed ? [{ key: row.key, sealed }] : []
    })
    const keys = renewed.map(({ key }) => key)
    const also = kind.alsoSet === undefined ? [] : [id]
    if (keys.length > 0) await tx.query(update(kind), [keys, renewed.map(({ sealed }) => sealed), ...also])
    return { renewed: keys.length, unreadable: rows.length - keys.length, next: rows.at(-1) }
  }
  return database.transaction(step)
}

/** Damaged, or of a key that is not there any more: it stays as it is, and is counted. */
export function ifReadable<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof AppError && ['sealed.broken', 'key.unknown'].includes(error.code)) return undefined
    throw error
  }
}
