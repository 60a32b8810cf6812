import { z } from 'zod'
import { allOf } from '../../support/pieces.ts'
import type { Base } from './base.ts'
import type { MemberStored, Stored, StoredDossier } from './history.ts'

const idSchema = z.object({ id: z.string() })
const numberSchema = z.object({ number: z.number() })
const dossierSchema = z.object({
  number: z.string(),
  beneficiary: z.string(),
  relative: z.string().nullable(),
  motif: z.string(),
  document_id: z.string(),
})

const dossiersSql = `select number, beneficiary, r.kind as relative, motif, document_id
  from dossier d left join relative r on r.id = d.relative_id where d.member_id = $1 order by number`

const usedSql =
  'select document_id as id from dossier union select document_id from draft where document_id is not null order by 1'

/** Reads all that a history is held against. It sweeps the documents, as if a day had passed. */
export async function readStored(base: Base, pprs: readonly string[]): Promise<Stored> {
  const members: MemberStored[] = []
  for (const ppr of pprs) members.push(await readMember(base, ppr))
  const numbers = await base.database.query('select right(number, 6)::int as number from dossier order by 1')
  const broken = await brokenDocuments(base)
  await base.documents.sweep(new Date(Date.now() + 86_400_000))
  return {
    members,
    numbers: numbers.rows.map(row => numberSchema.parse(row).number),
    broken,
    kept: await idsOf(base, 'select id from document order by id'),
    used: await idsOf(base, usedSql),
  }
}

async function readMember(base: Base, ppr: string): Promise<MemberStored> {
  const member = await base.members.findByPpr(ppr)
  const conversation = member && (await base.conversations.openOf(member.id, 'webchat'))
  if (!conversation) return { ppr, messages: [], dossiers: [] }
  const activities = await base.conversations.latest(conversation.id, 100_000)
  return {
    ppr,
    messages: activities.map(({ position, direction, body, clientId, due }) => ({
      position,
      direction,
      type: body.type,
      clientId,
      due,
    })),
    dossiers: await readDossiers(base, member.id),
  }
}

async function readDossiers({ database, documents }: Base, memberId: string): Promise<StoredDossier[]> {
  const { rows } = await database.query(dossiersSql, [memberId])
  return Promise.all(
    rows.map(async row => {
      const { document_id, relative, ...dossier } = dossierSchema.parse(row)
      const file = await allOf(documents.read(document_id)).catch(() => Buffer.alloc(0))
      return { ...dossier, relative: relative ?? 'member', file }
    }),
  )
}

async function brokenDocuments(base: Base): Promise<string[]> {
  const broken: string[] = []
  for (const id of await idsOf(base, "select id from document where state <> 'receiving'"))
    await allOf(base.documents.read(id)).catch(() => broken.push(id))
  return broken
}

const idsOf = async ({ database }: Base, sql: string): Promise<string[]> =>
  (await database.query(sql)).rows.map(row => idSchema.parse(row).id)
