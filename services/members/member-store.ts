import { z } from 'zod'
import type { Keyring } from '../keys/keyring.ts'
import { open } from '../keys/seal.ts'
import type { Queryable, Row } from '../storage/database.ts'
import { type Member, relativeKinds } from './member.ts'

/** Members who are disabled are not found. */
export interface MemberStore {
  find(id: string): Promise<Member | undefined>
  findByPpr(ppr: string): Promise<Member | undefined>
}

const memberRow = z.object({
  id: z.uuid(),
  ppr: z.string(),
  name: z.string(),
  rib_sealed: z.instanceof(Uint8Array).nullable(),
  relatives: z.array(z.object({ id: z.uuid(), kind: z.enum(relativeKinds), name: z.string() })),
})

// One statement, since every turn of a conversation reads its member.
const selectMember = `
  select m.id, m.ppr, m.name, m.rib_sealed, ${relativesOf('m.id')} as relatives from member m`

/** The relatives of the member whose id `member` names in the statement around it, as JSON. */
export function relativesOf(member: string): string {
  return `coalesce(
    (select jsonb_agg(jsonb_build_object('id', r.id, 'kind', r.kind, 'name', r.name) order by r.position)
       from relative r where r.member_id = ${member}), '[]')`
}

const uuid = z.uuid()

/** Reads the register. Inside a transaction make one on its `tx`. */
export function createMemberStore({ database, keyring }: { database: Queryable; keyring: Keyring }): MemberStore {
  async function first(where: string, value: string): Promise<Member | undefined> {
    const { rows } = await database.query(`${selectMember} where ${where} and m.disabled_at is null`, [value])
    return rows[0] && toMember(rows[0], keyring)
  }

  return {
    find: async id => (uuid.safeParse(id).success ? await first('m.id = $1', id) : undefined),
    findByPpr: async ppr => await first('m.ppr = $1', ppr),
  }
}

export function toMember(row: Row, keyring: Keyring): Member {
  const { rib_sealed: sealed, ...member } = memberRow.parse(row)
  return sealed ? withRib(member, sealed, () => openRib(keyring, member.id, sealed)) : member
}

/** Opened when it is first asked for: most turns do not need it. */
function withRib(member: Member, ribSealed: Uint8Array, open: () => string): Member {
  let opened: string | undefined
  return {
    ...member,
    ribSealed,
    get rib() {
      return (opened ??= open())
    },
  }
}

/** The member's id is the associated data: a sealed RIB copied to another member does not open. */
function openRib(keyring: Keyring, memberId: string, sealed: Uint8Array): string {
  return open({ keyring, purpose: 'rib' }, sealed, memberId).toString('latin1')
}
