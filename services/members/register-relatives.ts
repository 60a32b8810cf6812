import { z } from 'zod'
import type { Transaction } from '../storage/database.ts'
import { relativeKinds } from './member.ts'
import type { RegisterEntry } from './register-file.ts'

interface MemberRow {
  readonly id: string
  readonly entry: RegisterEntry
}

const relativeRow = z.object({ id: z.uuid(), member_id: z.uuid(), kind: z.enum(relativeKinds), name: z.string() })

/**
 * A relative who is still there, by kind and name, keeps the id that drafts and dossiers refer to. Another name is
 * another person: an open draft must not pass silently from one spouse to the next.
 */
export async function writeRelatives(
  tx: Transaction,
  members: readonly MemberRow[],
  newId: () => string,
): Promise<void> {
  const known = await knownRelatives(tx, members)
  const values = members.flatMap(({ id: memberId, entry }) =>
    entry.relatives.map(({ kind, name }, position) => {
      const key = keyOf(memberId, kind, name)
      return { id: known.get(key) ?? newId(), member_id: memberId, kind, name, position }
    }),
  )
  await tx.query(
    `delete from relative
      where member_id in (select jsonb_array_elements_text($1::jsonb)::uuid)
        and id not in (select jsonb_array_elements_text($2::jsonb)::uuid)`,
    [JSON.stringify(members.map(({ id }) => id)), JSON.stringify(values.map(({ id }) => id))],
  )
  await tx.query(
    `insert into relative (id, member_id, kind, name, position)
     select r.id, r.member_id, r.kind, r.name, r.position
       from jsonb_to_recordset($1::jsonb) as r (id uuid, member_id uuid, kind text, name text, position int)
     on conflict (id) do update set position = excluded.position`,
    [JSON.stringify(values)],
  )
}

async function knownRelatives(tx: Transaction, members: readonly MemberRow[]): Promise<Map<string, string>> {
  const { rows } = await tx.query(
    `select id, member_id, kind, name from relative
      where member_id in (select jsonb_array_elements_text($1::jsonb)::uuid)`,
    [JSON.stringify(members.map(({ id }) => id))],
  )
  const relatives = z.array(relativeRow).parse(rows)
  return new Map(relatives.map(({ id, member_id: memberId, kind, name }) => [keyOf(memberId, kind, name), id]))
}

function keyOf(memberId: string, kind: string, name: string): string {
  return `${memberId} ${kind} ${name}`
}
