import { z } from 'zod'
import type { Keyring } from '../keys/keyring.ts'
import { seal } from '../keys/seal.ts'
import type { Queryable, Transaction } from '../storage/database.ts'
import type { RegisterEntry } from './register-file.ts'
import { writeRelatives } from './register-relatives.ts'

export interface RegisterWriter {
  readonly keyring: Keyring
  readonly newId: () => string
}

export interface WrittenMember {
  readonly id: string
  readonly ppr: string
  readonly isNew: boolean
}

/** One statement for so many: fewer round trips, and none too large. */
const CHUNK = 500

/**
 * Writes members and their relatives as the entries say. Who is known by PPR keeps id, password and sessions; name, RIB
 * and relatives become those of the entry. Who is not in the entries is left alone.
 */
export async function writeMembers(
  tx: Transaction,
  entries: readonly RegisterEntry[],
  { demo = false, ...writer }: RegisterWriter & { readonly demo?: boolean },
): Promise<WrittenMember[]> {
  const written: WrittenMember[] = []
  for (let from = 0; from < entries.length; from += CHUNK) {
    const chunk = entries.slice(from, from + CHUNK)
    const known = await idsByPpr(tx, chunk)
    const rows = chunk.map(entry => ({ entry, id: known.get(entry.ppr) ?? writer.newId() }))
    await writeRows(tx, rows, { demo, keyring: writer.keyring })
    await writeRelatives(tx, rows, writer.newId)
    written.push(...rows.map(({ entry: { ppr }, id }) => ({ id, ppr, isNew: !known.has(ppr) })))
  }
  return written
}

const idRow = z.object({ id: z.uuid(), ppr: z.string() })

async function idsByPpr(queryable: Queryable, entries: readonly RegisterEntry[]): Promise<Map<string, string>> {
  const { rows } = await queryable.query(
    'select id, ppr from member where ppr in (select jsonb_array_elements_text($1::jsonb))',
    [JSON.stringify(entries.map(entry => entry.ppr))],
  )
  return new Map(
    z
      .array(idRow)
      .parse(rows)
      .map(({ id, ppr }) => [ppr, id]),
  )
}

interface MemberRow {
  readonly id: string
  readonly entry: RegisterEntry
}

async function writeRows(
  tx: Transaction,
  rows: readonly MemberRow[],
  { demo, keyring }: { demo: boolean; keyring: Keyring },
) {
  const values = rows.map(({ id, entry: { ppr, name, rib } }) => {
    const sealed = rib === undefined ? null : seal(keyring, 'rib', Buffer.from(rib, 'latin1'), id).toString('hex')
    return { id, ppr, name, sealed }
  })
  await tx.query(
    `insert into member (id, ppr, name, rib_sealed, demo)
     select m.id, m.ppr, m.name, decode(m.sealed, 'hex'), $2::boolean
       from jsonb_to_recordset($1::jsonb) as m (id uuid, ppr text, name text, sealed text)
     on conflict (id) do update set name = excluded.name, rib_sealed = excluded.rib_sealed`,
    [JSON.stringify(values), demo],
  )
}
