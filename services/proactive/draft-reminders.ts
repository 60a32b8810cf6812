import type { Log } from '../log.ts'
import type { Database } from '../storage/database.ts'
import type { JobQueue, Jobs } from '../storage/jobs.ts'

export interface DraftReminderSettings {
  /** Days without a touch after which a member is reminded. */
  readonly afterDays: number
  /** Of the day in Morocco, at which they are. */
  readonly hour: number
  /** Reminders of one request, however often it is left. */
  readonly most: number
}

interface Deps {
  readonly database: Database
  readonly jobs: Jobs
  readonly log: Log
  readonly now: () => Date
  /** Undefined: nobody is reminded. */
  readonly settings: DraftReminderSettings | undefined
  /** Some are to be told. */
  readonly onReminded: () => void
}

const DAY_MS = 24 * 60 * 60 * 1000
/** Nobody is written to in the night because a server was down in the day. */
const DECENT_HOURS = { from: 8, to: 21 }

const hourInMorocco = new Intl.DateTimeFormat('en', {
  timeZone: 'Africa/Casablanca',
  hour: '2-digit',
  hourCycle: 'h23',
})

/** $1 untouched since, $2 not here since, $3 now, $4 reminders of one draft at most */
const remind = `
insert into proactive_notice (member_id, kind, subject, version, created_at)
select member_id, 'draftReminder', id::text, version, $3::timestamptz from draft
where updated_at < $1
  and (rib_hash is not null or beneficiary is not null or motif is not null or document_id is not null)
  and not exists (select from conversation c where c.member_id = draft.member_id and c.active_at > $2)
  and (select count(*) from proactive_notice n where n.kind = 'draftReminder' and n.subject = draft.id::text) < $4::int
on conflict (kind, subject, version) do nothing`

/** Reminds members of a request that they have left: once a pause. Called before the jobs start. */
export function scheduleDraftReminders({ database, jobs, log, now, settings, onReminded }: Deps): void {
  if (!settings) return
  const { afterDays, hour, most } = settings
  const daily: JobQueue = { name: 'draft-reminders', retries: 3, schedule: `0 ${hour} * * *` }
  jobs.handle(daily, async () => {
    const at = now()
    const hourNow = Number(hourInMorocco.format(at))
    if (hourNow < DECENT_HOURS.from || hourNow >= DECENT_HOURS.to) return
    const before = (days: number) => new Date(at.getTime() - days * DAY_MS)
    const { count } = await database.query(remind, [before(afterDays), before(1), at, most])
    log.info('draft-reminders.done', { reminded: count })
    if (count > 0) onReminded()
  })
}
