import { z } from 'zod'
import type { ProactiveNotices } from '../proactive/proactive-notices.ts'
import type { Database, Transaction } from '../storage/database.ts'
import { parseStatusFile, type StatusFile, type StatusLine, type StatusProblem } from './status-file.ts'

export type StatusResult =
  | { readonly ok: true; readonly changed: number; readonly unchanged: number }
  | { readonly ok: false; readonly problems: readonly StatusProblem[] }

export interface StatusChanges {
  /** All of the file or nothing of it; what has its status already is left alone. */
  run(file: Uint8Array): Promise<StatusResult>
}

interface Deps {
  readonly database: Database
  readonly notices: Pick<ProactiveNotices, 'notify'>
  readonly now: () => Date
  /** Members are to be told. */
  readonly onChanged?: (() => void) | undefined
}

const numberRow = z.object({ number: z.string() })
const changedRow = z.object({ event: z.number(), member_id: z.string() })

/** In one order, so that two commands at once wait for each other and do not meet head-on. */
const lock = 'select number from dossier where number = any($1::text[]) order by number for update'

/** $1 numbers, $2 their statuses, $3 now */
const change = `
with changed as (
  update dossier d set status = wanted.status
  from unnest($1::text[], $2::text[]) as wanted (number, status), dossier before
  where d.number = wanted.number and before.id = d.id and before.status <> wanted.status
  returning d.id, d.member_id, before.status as was, wanted.status as now
), audited as (
  insert into audit (at, actor, action, subject) select $3::timestamptz, 'system', 'dossier.status', id::text from changed
), event as (
  insert into dossier_event (dossier_id, kind, at, detail)
  select id, 'status', $3::timestamptz, jsonb_build_object('from', was, 'to', now) from changed
  returning id, dossier_id)
select event.id as event, changed.member_id from event join changed on changed.id = event.dossier_id`

/** New statuses of dossiers, as the foundation has decided them; their members are told. */
export function createStatusChanges({ database, notices, now, onChanged }: Deps): StatusChanges {
  async function apply(tx: Transaction, { lines, problems }: StatusFile): Promise<StatusResult> {
    const unknown = await lockDossiers(tx, lines)
    if (problems.length + unknown.length > 0)
      return { ok: false, problems: [...problems, ...unknown].toSorted((one, other) => one.line - other.line) }
    const { rows } = await tx.query(change, [
      lines.map(({ number }) => number),
      lines.map(({ status }) => status),
      now(),
    ])
    const changed = rows.map(row => changedRow.parse(row))
    const told = changed.map(({ event, member_id: memberId }) => ({
      memberId,
      notice: { kind: 'dossierStatus', subject: String(event), version: 0 } as const,
    }))
    if (told.length > 0) await notices.notify(tx, told)
    return { ok: true, changed: changed.length, unchanged: lines.length - changed.length }
  }

  return {
    async run(file) {
      const read = parseStatusFile(file)
      const result = await database.transaction(tx => apply(tx, read))
      if (result.ok && result.changed > 0) onChanged?.()
      return result
    },
  }
}

/** @returns the lines whose dossier does not exist */
async function lockDossiers(tx: Transaction, lines: readonly StatusLine[]): Promise<StatusProblem[]> {
  const { rows } = await tx.query(lock, [lines.map(({ number }) => number)])
  const known = new Set(rows.map(row => numberRow.parse(row).number))
  const unknown = lines.filter(({ number }) => !known.has(number))
  return unknown.map(({ line }) => ({ line, code: 'number.unknown', column: 'number' }))
}
