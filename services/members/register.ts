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

export interface WriteOptions {
  readonly demo?: boolean
  /** SHA-256 of a new one-time code for this member; undefined leaves what is there. */
  readonly activationHash?: (ppr: string, isNew: boolean) => Uint8Array | undefined
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
 * and relatives become those of the entry, and who was disabled has access again. Who is not in the entries is left alone.
 */
export async function writeMembers(
  tx: Transaction,
  entries: readonly RegisterEntry[],
  { keyring, newId, ...options }: RegisterWriter & WriteOptions,
): Promise<WrittenMember[]> {
  const written: WrittenMember[] = []
  for (let from = 0; from < entries.length; from += CHUNK) {
    const chunk = entries.slice(from, from + CHUNK)
    const known = await idsByPpr(tx, chunk)
    const rows = chunk.map(entry => ({ entry, id: known.get(entry.ppr) ?? newId(), isNew: !known.has(entry.ppr) }))
    await writeRows(tx, rows, { keyring, ...options })
    await writeRelatives(tx, rows, newId)
    written.push(...rows.map(({ entry: { ppr }, id, isNew }) => ({ id, ppr, isNew })))
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
  readonly isNew: boolean
  readonly entry: RegisterEntry
}

async function writeRows(
  tx: Transaction,
  rows: readonly MemberRow[],
  { demo = false, keyring, activationHash }: WriteOptions & Pick<RegisterWriter, 'keyring'>,
): Promise<void> {
  const hex = (bytes: Uint8Array | undefined) => (bytes ? Buffer.from(bytes).toString('hex') : null)
  const values = rows.map(({ id, isNew, entry: { ppr, name, rib } }) => {
    const sealed = rib === undefined ? undefined : seal({ keyring, purpose: 'rib' }, Buffer.from(rib, 'latin1'), id)
    return { id, ppr, name, rib: hex(sealed), activation: hex(activationHash?.(ppr, isNew)) }
  })
  await tx.query(
    `insert into member (id, ppr, name, rib_sealed, activation_hash, demo)
     select m.id, m.ppr, m.name, decode(m.rib, 'hex'), decode(m.activation, 'hex'), $2::boolean
       from jsonb_to_recordset($1::jsonb) as m (id uuid, ppr text, name text, rib text, activation text)
     on conflict (id) do update set name = excluded.name, rib_sealed = excluded.rib_sealed, disabled_at = null,
       activation_hash = coalesce(excluded.activation_hash, member.activation_hash)`,
    [JSON.stringify(values), demo],
  )
}
