import { z } from 'zod'

/** Longer than a request is kept, a reminder would come for nothing. */
const days = z.union([z.literal('off').transform(() => 0), z.coerce.number().int().min(0).max(80)])

export const reminderEnvironment = z.object({
  DRAFT_REMINDER_DAYS: days.default(3),
  /** Within the hours in which members may be written to. */
  DRAFT_REMINDER_HOUR: z.coerce.number().int().min(8).max(20).default(10),
  DRAFT_REMINDERS_MOST: z.coerce.number().int().min(1).max(10).default(2),
})

export interface ReminderSettings {
  readonly afterDays: number
  readonly hour: number
  readonly most: number
}

/** @returns undefined when nobody is to be reminded */
export function reminderSettings(env: z.infer<typeof reminderEnvironment>): ReminderSettings | undefined {
  const { DRAFT_REMINDER_DAYS: afterDays, DRAFT_REMINDER_HOUR: hour, DRAFT_REMINDERS_MOST: most } = env
  return afterDays === 0 ? undefined : { afterDays, hour, most }
}
