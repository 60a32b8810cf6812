import { z } from 'zod'
import type { Database } from '../storage/database.ts'

/**
 * How failures are forgotten. `leak`: one of them every `milliseconds`, and no more than `most` are kept. `window`: all
 * of them, `milliseconds` after the first.
 */
export type Forgetting =
  | { readonly by: 'leak'; readonly milliseconds: number; readonly most: number }
  | { readonly by: 'window'; readonly milliseconds: number }

export interface Counted {
  /** Failures that are not forgotten, the new one among them. */
  readonly failures: number
  /** Of a leak, the last failure; of a window, the first. */
  readonly at: Date
}

export interface FailureCounts {
  /** Counts one more; counts that come together, on several instances too, are each one of their own. */
  add(subject: Buffer, forgetting: Forgetting): Promise<Counted>
  takeBack(subject: Buffer): Promise<void>
  forget(subject: Buffer): Promise<void>
  /** Removes what was last counted, or begun, before then. */
  sweep(before: Date): Promise<number>
}

const leak = `
insert into sign_in_failure as f (subject, failures, failed_at) values ($1, 1, $2)
on conflict (subject) do update set
  failures = least($4::float8, greatest(0, f.failures - greatest(0, extract(epoch from $2::timestamptz - f.failed_at)) * 1000 / $3::float8)) + 1,
  failed_at = greatest(f.failed_at, $2::timestamptz)
returning failures, failed_at`

const window = `
insert into sign_in_failure as f (subject, failures, failed_at) values ($1, 1, $2)
on conflict (subject) do update set
  failures = case when f.failed_at <= $3::timestamptz or f.failures < 1 then 1 else f.failures + 1 end,
  failed_at = case when f.failed_at <= $3::timestamptz or f.failures < 1 then $2::timestamptz else f.failed_at end
returning failures, failed_at`

const row = z.object({ failures: z.number(), failed_at: z.date() })

export function createFailureCounts({ database, now }: { database: Database; now: () => Date }): FailureCounts {
  return {
    async add(subject, forgetting) {
      const at = now()
      const { milliseconds } = forgetting
      const { rows } =
        forgetting.by === 'leak'
          ? await database.query(leak, [subject, at, milliseconds, forgetting.most])
          : await database.query(window, [subject, at, new Date(at.getTime() - milliseconds)])
      const { failures, failed_at: failedAt } = row.parse(rows[0])
      return { failures, at: failedAt }
    },
    async takeBack(subject) {
      await database.query('update sign_in_failure set failures = greatest(0, failures - 1) where subject = $1', [
        subject,
      ])
    },
    async forget(subject) {
      await database.query('delete from sign_in_failure where subject = $1', [subject])
    },
    async sweep(before) {
      return (await database.query('delete from sign_in_failure where failed_at <= $1', [before])).count
    },
  }
}
