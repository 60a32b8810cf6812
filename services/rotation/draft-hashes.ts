import { z } from 'zod'
import { hashHeader, keyedHash, keyedHashMatches } from '../keys/keyed-hash.ts'
import type { Keyring } from '../keys/keyring.ts'
import { open } from '../keys/seal.ts'
import type { Database, Transaction } from '../storage/database.ts'
import { ifReadable } from './sealed-rows.ts'
import { BATCH, type Cursor, type Step } from './walk.ts'

const draftRow = z.object({
  at: z.string(),
  key: z.string(),
  hash: z.instanceof(Uint8Array),
  member_id: z.string(),
  sealed: z.instanceof(Uint8Array).nullable(),
})
type DraftRow = z.infer<typeof draftRow>

const left = `
select d.created_at::text as at, d.id::text as key, d.rib_hash as hash, m.id::text as member_id, m.rib_sealed as sealed
from draft d join member m on m.id = d.member_id
where d.rib_hash is not null and substring(d.rib_hash from 1 for $1) <> $2`

const select = `${left}
  and ($3::timestamptz is null or (d.created_at, d.id::text) > ($3::timestamptz, $4::text))
order by d.created_at, d.id::text limit ${BATCH} for no key update of d skip locked`

const update = `
update draft set rib_hash = renewed.hash
from unnest($1::uuid[], $2::bytea[]) as renewed (id, hash) where draft.id = renewed.id`

/**
 * Renews the hash of what a member has confirmed, where that is still their RIB: it cannot be made from the hash. The
 * draft's version stays, so that the question that stands can be answered. Where the RIB has changed, the old hash says
 * so with or without its key, and is left.
 */
export async function renewDraftHashes(
  { database, keyring }: { readonly database: Database; readonly keyring: Keyring },
  after: Cursor | undefined,
): Promise<Step> {
  const header = hashHeader(keyring.current('rib-hash').id)

  async function step(tx: Transaction): Promise<Step> {
    const values = [header.length, header, after?.at ?? null, after?.key ?? null]
    const rows = (await tx.query(select, values)).rows.map(row => draftRow.parse(row))
    const renewed = rows.flatMap(row => {
      const hash = renewedHash(keyring, row)
      return hash ? [{ key: row.key, hash }] : []
    })
    if (renewed.length > 0) await tx.query(update, [renewed.map(({ key }) => key), renewed.map(({ hash }) => hash)])
    return { renewed: renewed.length, unreadable: 0, next: rows.at(-1) }
  }
  return database.transaction(step)
}

/** @returns for each draft whose hash is to be renewed yet, the id of the key that it needs */
export async function keysOfDrafts(database: Database, keyring: Keyring): Promise<string[]> {
  const header = hashHeader(keyring.current('rib-hash').id)
  const { rows } = await database.query(left, [header.length, header])
  const drafts = rows.map(row => draftRow.parse(row)).filter(draft => renewedHash(keyring, draft) !== undefined)
  return drafts.map(({ hash }) => Buffer.from(hash.subarray(1, 1 + (hash[0] ?? 0))).toString('latin1'))
}

/** @returns undefined where nothing is to be renewed */
function renewedHash(keyring: Keyring, { hash, member_id: memberId, sealed }: DraftRow): Buffer | undefined {
  const rib = sealed && ifReadable(() => open({ keyring, purpose: 'rib' }, sealed, memberId).toString('latin1'))
  if (!rib || !keyedHashMatches({ keyring, purpose: 'rib-hash' }, rib, hash)) return undefined
  return keyedHash(keyring, 'rib-hash', rib)
}
