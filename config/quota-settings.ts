import { z } from 'zod'

const count = z.coerce.number().int().min(1)

/** What one member may have and send. */
export const quotaEnvironment = z.object({
  UPLOADS_AT_ONCE: count.max(100).default(3),
  /** MB of 1024 × 1024 bytes. Less than one file of the greatest size would refuse it for ever. */
  FILES_KEPT_MB: z.coerce.number().int().min(21).max(1_000_000).default(100),
  FILES_A_DAY: count.max(100_000).default(60),
  DOSSIERS_A_DAY: count.max(1_000).default(5),
})

export interface QuotaSettings {
  readonly uploadsAtOnce: number
  /** Bytes. */
  readonly bytesKept: number
  readonly filesADay: number
  readonly dossiersADay: number
}

export const quotaSettings = (env: z.infer<typeof quotaEnvironment>): QuotaSettings => ({
  uploadsAtOnce: env.UPLOADS_AT_ONCE,
  bytesKept: env.FILES_KEPT_MB * 1024 * 1024,
  filesADay: env.FILES_A_DAY,
  dossiersADay: env.DOSSIERS_A_DAY,
})
