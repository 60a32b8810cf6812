import { z } from 'zod'
import { beneficiaries, motifs } from '../drafts/draft.ts'
import type { Database } from '../storage/database.ts'
import { dossierStatuses, type DossierStatus, type DossierSummary } from './dossier.ts'

const dossierRow = z
  .object({
    number: z.string(),
    beneficiary: z.enum(beneficiaries),
    person_name: z.string().nullable(),
    motif: z.enum(motifs),
    status: z.enum(dossierStatuses),
    submitted_at: z.date(),
  })
  .transform(({ person_name: personName, submitted_at: submittedAt, ...row }) => ({
    ...row,
    submittedAt,
    ...(personName !== null && { personName }),
  }))

const numberRow = z.object({ number: z.string() })
const changeRow = z.object({ number: z.string(), status: z.enum(dossierStatuses) })
const countRow = z.object({ count: z.number() })

export interface StatusChange {
  readonly number: string
  readonly status: DossierStatus
}

export interface HistoryPage {
  readonly total: number
  readonly dossiers: readonly DossierSummary[]
}

/** A member's own dossiers, the newest first. The member's id is part of every question: a number alone opens nothing. */
export function createHistory(database: Database) {
  return {
    async page(memberId: string, range: { from: number; count: number }): Promise<HistoryPage> {
      const counted = await database.query('select count(*) as count from dossier where member_id = $1', [memberId])
      const { rows } = await database.query(
        `select number, beneficiary, person_name, motif, status, submitted_at from dossier
         where member_id = $1 order by submitted_at desc, number desc offset $2 limit $3`,
        [memberId, range.from, range.count],
      )
      return { total: countRow.parse(counted.rows[0]).count, dossiers: rows.map(row => dossierRow.parse(row)) }
    },

    /** The number of the dossier that a draft became. */
    async numberOf(memberId: string, draftId: string): Promise<string | undefined> {
      const { rows } = await database.query('select number from dossier where id = $1 and member_id = $2', [
        draftId,
        memberId,
      ])
      return rows[0] && numberRow.parse(rows[0]).number
    },

    /** What a dossier became by an event; undefined when it is another member's, or when it has changed again since. */
    async statusChange(memberId: string, event: string): Promise<StatusChange | undefined> {
      const { rows } = await database.query(
        `select d.number, d.status from dossier_event e join dossier d on d.id = e.dossier_id
         where e.id = $1::bigint and e.kind = 'status' and d.member_id = $2 and not exists (
           select from dossier_event later where later.dossier_id = d.id and later.kind = 'status' and later.id > e.id)`,
        [event, memberId],
      )
      return rows[0] && changeRow.parse(rows[0])
    },

    /** The number of the member's newest dossier, when it was submitted after `since`. */
    async numberSince(memberId: string, since: Date): Promise<string | undefined> {
      const { rows } = await database.query(
        `select number from dossier where member_id = $1 and submitted_at >= $2 order by submitted_at desc limit 1`,
        [memberId, since],
      )
      return rows[0] && numberRow.parse(rows[0]).number
    },
  }
}

export type History = ReturnType<typeof createHistory>
