import { z } from 'zod'
import type { Log } from '../log.ts'
import type { Queryable } from './database.ts'

/** The zone of every date that members read, and of the year in a dossier's number. */
const ZONE = 'Africa/Casablanca'
/** The first data in which Morocco is at GMT since 2026-09-20. */
const OLDEST_GOOD = '2026c'
const DAY_MS = 24 * 60 * 60 * 1000
const DAYS = 366

interface Deps {
  /** Undefined: an embedded one, which nobody else asks, and whose data come with us. */
  readonly database: Queryable | undefined
  readonly log: Log
  readonly now: () => Date
  /** Of Node's own data, such as `2026c`; undefined in a Node without any. */
  readonly nodeData?: string | undefined
}

// The only local time in our SQL: it is what is asked.
const offsets = `
select (extract(epoch from (instant at time zone '${ZONE}') - (instant at time zone 'UTC')) / 60)::int as minutes
from unnest($1::timestamptz[]) with ordinality as asked (instant, place) order by place`
const offsetRow = z.object({ minutes: z.number() }).transform(({ minutes }) => minutes)

/**
 * Warns the operator when what Node and PostgreSQL know of Morocco's time differs on any day of the coming year, or Node
 * does not know the time of today. All our dates are Node's; a report that somebody writes in SQL would show others.
 */
export async function warnOfTimeZoneData({ database, log, now, nodeData = process.versions.tz }: Deps): Promise<void> {
  if (nodeData === undefined || nodeData < OLDEST_GOOD)
    log.warn('time-zone.node-data-old', { data: nodeData ?? 'none', needed: OLDEST_GOOD })
  if (!database) return
  const days = Array.from({ length: DAYS }, (_, day) => new Date(now().getTime() + day * DAY_MS))
  const { rows } = await database.query(offsets, [days.map(day => day.toISOString())])
  const theirs = rows.map(row => offsetRow.parse(row))
  const from = days.find((day, index) => theirs[index] !== offsetInNode(day))
  if (from)
    log.warn('time-zone.data-differ', { zone: ZONE, from: from.toISOString().slice(0, 10), node: nodeData ?? 'none' })
}

const inZone = new Intl.DateTimeFormat('en', { timeZone: ZONE, timeZoneName: 'longOffset' })

/** Minutes east of UTC. */
function offsetInNode(at: Date): number {
  const text = inZone.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? ''
  const [, sign = '+', hours = '0', minutes = '0'] = /^GMT(?:([+-])(\d{2}):(\d{2}))?$/.exec(text) ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
}
