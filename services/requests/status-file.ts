import { z } from 'zod'
import { csvFileProblems, foldWord, readCsvTable } from '../csv-table.ts'
import { dossierStatuses, type DossierStatus } from './dossier.ts'

export type StatusColumn = 'number' | 'status'

/** Each has a sentence in `locales/{fr,ar}/operator.json`. */
export const statusProblemCodes = [
  ...csvFileProblems,
  'line.columns',
  'number.shape',
  'number.twice',
  'number.unknown',
  'status.unknown',
] as const
type StatusProblemCode = (typeof statusProblemCodes)[number]

/** Where, and what: never the value itself. */
export interface StatusProblem {
  readonly line: number
  readonly code: StatusProblemCode
  readonly column?: StatusColumn
}

export interface StatusLine {
  readonly line: number
  readonly number: string
  readonly status: DossierStatus
}

export interface StatusFile {
  readonly lines: readonly StatusLine[]
  readonly problems: readonly StatusProblem[]
}

/** Some ten thousands of dossiers. */
export const MAX_STATUS_BYTES = 2 * 1024 * 1024

const columns: readonly StatusColumn[] = ['number', 'status']

/** As a member reads them too, without accents and case. */
const labels: Readonly<Record<string, DossierStatus>> = {
  ...Object.fromEntries(dossierStatuses.map(status => [status.toLowerCase(), status])),
  'dossier cree': 'received',
  'en cours de traitement': 'inReview',
  'dossier a completer': 'incomplete',
  acceptee: 'accepted',
  'non acceptee': 'rejected',
  'virement effectue': 'paid',
  annulee: 'cancelled',
}

const code = (value: StatusProblemCode) => ({ error: value })

const status = z.string().transform((text, context): DossierStatus => {
  const word = foldWord(text)
  const known = Object.hasOwn(labels, word) ? labels[word] : undefined
  if (known) return known
  context.addIssue({ code: 'custom', message: 'status.unknown' satisfies StatusProblemCode })
  return z.NEVER
})

const lineSchema = z.object({ number: z.string().regex(/^AES-\d{4}-\d{6,9}$/, code('number.shape')), status })
const issueSchema = z.object({ message: z.enum(statusProblemCodes), path: z.tuple([z.enum(['number', 'status'])]) })

/** Reads the CSV of new statuses: columns `number` and `status`, one line a dossier. */
export function parseStatusFile(bytes: Uint8Array): StatusFile {
  const table = readCsvTable(bytes, { columns, maxBytes: MAX_STATUS_BYTES })
  if (!table.ok) return { lines: [], problems: [table.problem] }
  const problems: StatusProblem[] = []
  const lines: StatusLine[] = []
  const seen = new Set<string>()
  for (const { line, cells, isTooLong } of table.lines) {
    if (isTooLong) problems.push({ line, code: 'line.columns' })
    const [number = '', written = ''] = cells
    const read = lineSchema.safeParse({ number: number.toUpperCase(), status: written })
    if (!read.success) problems.push(...read.error.issues.map(issue => toProblem(line, issue)))
    else if (seen.has(read.data.number)) problems.push({ line, code: 'number.twice', column: 'number' })
    else {
      seen.add(read.data.number)
      lines.push({ line, ...read.data })
    }
  }
  return { lines, problems }
}

function toProblem(line: number, issue: unknown): StatusProblem {
  const { message, path } = issueSchema.parse(issue)
  return { line, code: message, column: path[0] }
}
