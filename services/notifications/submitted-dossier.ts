import { z } from 'zod'
import { beneficiaries, motifs } from '../drafts/draft.ts'
import { languages } from '../language.ts'
import { dossierStatuses } from '../requests/dossier.ts'
import type { Database } from '../storage/database.ts'

const row = z
  .object({
    number: z.string(),
    submitted_at: z.date(),
    language: z.enum(languages),
    status: z.enum(dossierStatuses),
    beneficiary: z.enum(beneficiaries),
    person_name: z.string().nullable(),
    motif: z.enum(motifs),
    member_id: z.string(),
    ppr: z.string(),
    member_name: z.string(),
    document_id: z.string(),
    size: z.number(),
    pages: z.number().nullable(),
  })
  .transform(({ submitted_at, person_name, member_id, member_name, document_id, ...same }) => ({
    ...same,
    submittedAt: submitted_at,
    personName: person_name,
    memberId: member_id,
    memberName: member_name,
    documentId: document_id,
  }))

/** All that a notification may tell of a dossier. */
export type SubmittedDossier = z.infer<typeof row>

export async function loadSubmittedDossier(database: Database, id: string): Promise<SubmittedDossier | undefined> {
  const { rows } = await database.query(
    `select d.number, d.submitted_at, d.language, d.status, d.beneficiary, d.person_name, d.motif, d.member_id,
       m.ppr, m.name as member_name, d.document_id, f.size, f.pages
     from dossier d join member m on m.id = d.member_id join document f on f.id = d.document_id where d.id = $1`,
    [id],
  )
  return rows[0] && row.parse(rows[0])
}
