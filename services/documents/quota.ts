import { z } from 'zod'
import type { Queryable, Transaction } from '../storage/database.ts'
import { ampleSpace, type Space } from '../storage/space.ts'

/** What one member may have and send. */
export interface QuotaLimits {
  readonly uploadsAtOnce: number
  /** Bytes of all their files, the ones on their way included. */
  readonly bytesKept: number
  readonly filesADay: number
  readonly dossiersADay: number
}

export const defaultLimits: QuotaLimits = {
  uploadsAtOnce: 3,
  bytesKept: 100 * 1024 * 1024,
  filesADay: 60,
  dossiersADay: 5,
}

export const quotaReasons = ['tooManyAtOnce', 'tooMuchKept', 'tooManyToday', 'noSpace'] as const
export type QuotaReason = (typeof quotaReasons)[number]

export interface ArrivingFile {
  readonly memberId: string
  /** The member's open request. Its document is replaced by this file, so that one's bytes do not count. */
  readonly dossierId: string
  /** Bytes that may come. */
  readonly size: number
}

export interface Quota {
  /**
   * Counts a file that begins to come. Called in the transaction that inserts its `document` row, before that: the lock on
   * the member's row lets the files of one member begin one after the other, on any number of instances.
   * @returns why it cannot be taken; nothing is counted then
   */
  admit(tx: Transaction, file: ArrivingFile): Promise<QuotaReason | undefined>
  /** Of requests submitted within a day. */
  hasDossierLeft(memberId: string): Promise<boolean>
  readonly limits: QuotaLimits
  /** Forgets what no day counts any more. */
  sweep(): Promise<void>
}

const DAY_MS = 24 * 60 * 60 * 1000
/** A file of a submitted request counts for so long: a member who is ill for years is never shut out for good. */
const KEPT_DAYS = 30
/** A file of which nothing came for so long is not in flight; each channel gives up sooner. */
const STILL_MS = 2 * 60 * 1000

const counts = `
select
  (select count(*) from document where member_id = $1 and state = 'receiving' and active_at > $2)::int as in_flight,
  (select coalesce(sum(size), 0) from document d where member_id = $1 and (state <> 'receiving' or active_at > $2)
     and not exists (select from dossier s where s.document_id = d.id and s.submitted_at <= $3)
     and not exists (select from draft where draft.id = $5 and draft.document_id = d.id))::float8 as kept,
  (select count(*) from file_intake where member_id = $1 and at > $4)::int as today`
const countsRow = z.object({ in_flight: z.number(), kept: z.number(), today: z.number() })
const countRow = z.object({ count: z.number() })

interface Deps {
  readonly database: Queryable
  readonly limits?: QuotaLimits | undefined
  /** Where files go. */
  readonly space?: Space | undefined
  readonly now: () => Date
}

export function createQuota({ database, limits = defaultLimits, space = ampleSpace, now }: Deps): Quota {
  const before = (milliseconds: number) => new Date(now().getTime() - milliseconds)

  function refusalOf({ in_flight: inFlight, kept, today }: z.infer<typeof countsRow>, size: number) {
    if (inFlight >= limits.uploadsAtOnce) return 'tooManyAtOnce'
    if (today >= limits.filesADay) return 'tooManyToday'
    return kept + size > limits.bytesKept ? 'tooMuchKept' : undefined
  }

  return {
    limits,
    async admit(tx, { memberId, dossierId, size }) {
      if (space.state() !== 'ample') return 'noSpace'
      await tx.query('select from member where id = $1 for no key update', [memberId])
      const values = [memberId, before(STILL_MS), before(KEPT_DAYS * DAY_MS), before(DAY_MS), dossierId]
      const { rows } = await tx.query(counts, values)
      const refusal = refusalOf(countsRow.parse(rows[0]), size)
      if (refusal) return refusal
      await tx.query('insert into file_intake (member_id, at) values ($1, $2)', [memberId, now()])
      return undefined
    },
    async hasDossierLeft(memberId) {
      const { rows } = await database.query(
        'select count(*)::int as count from dossier where member_id = $1 and submitted_at > $2',
        [memberId, before(DAY_MS)],
      )
      return countRow.parse(rows[0]).count < limits.dossiersADay
    },
    async sweep() {
      await database.query('delete from file_intake where at <= $1', [before(DAY_MS)])
    },
  }
}
