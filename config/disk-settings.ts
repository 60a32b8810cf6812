import { z } from 'zod'

const megabytes = z.coerce.number().int().min(1).max(10_000_000)

/** The disk of `DATA_DIR`; for PostgreSQL its own server knows. */
export const diskEnvironment = z.object({
  DISK_LOW_MB: megabytes.default(1024),
  DISK_LOW_PERCENT: z.coerce.number().min(0).max(90).default(5),
  // Below it a checkpoint and the log of what is in hand might not fit.
  DISK_FULL_MB: megabytes.min(100).default(200),
})

export interface DiskSettings {
  /** Bytes. */
  readonly lowBytes: number
  readonly lowPercent: number
  readonly fullBytes: number
}

const MB = 1024 * 1024

export const diskSettings = (env: z.infer<typeof diskEnvironment>): DiskSettings => ({
  lowBytes: env.DISK_LOW_MB * MB,
  lowPercent: env.DISK_LOW_PERCENT,
  fullBytes: env.DISK_FULL_MB * MB,
})
