import { setImmediate } from 'node:timers/promises'
import { type CsvLine, foldWord, readCsvTable } from '../csv-table.ts'
import { type FileColumn, type FileProblem, type PersonLine, personLine } from './register-line.ts'
import type { RelativeKind } from './member.ts'
import { normalisePpr } from './ppr.ts'

/** A member as a file, or the demo data, brings them. */
export interface RegisterEntry {
  readonly ppr: string
  readonly name: string
  readonly rib?: string
  readonly relatives: readonly { readonly kind: RelativeKind; readonly name: string }[]
}

/** `lines`: of each member, by PPR. */
export type RegisterFile =
  { ok: true; entries: RegisterEntry[]; lines: ReadonlyMap<string, number> } | { ok: false; problems: FileProblem[] }

/** Tens of thousands of members with their relatives; the command's way through the server carries no more. */
export const MAX_REGISTER_BYTES = 16 * 1024 * 1024

/** The server goes on answering members while it reads a long file. */
const LINES_AT_ONCE = 500

const columns: readonly FileColumn[] = ['ppr', 'lien', 'nom', 'rib']

/**
 * Reads the register's CSV: columns `ppr`, `lien`, `nom` and `rib`, one line a person. Every problem of the file is told
 * at once, and none of them quotes the file.
 */
export async function parseRegisterFile(bytes: Uint8Array): Promise<RegisterFile> {
  const table = readCsvTable(bytes, { columns, maxBytes: MAX_REGISTER_BYTES })
  return table.ok ? await readPeople(table.lines) : { ok: false, problems: [table.problem] }
}

async function readPeople(lines: readonly CsvLine[]): Promise<RegisterFile> {
  const problems: FileProblem[] = []
  const people: PersonLine[] = []
  const misread = new Set<string>()
  for (const [place, { line, cells, isTooLong }] of lines.entries()) {
    if (place % LINES_AT_ONCE === 0) await setImmediate()
    if (isTooLong) problems.push({ line, code: 'line.columns' })
    const [ppr = '', lien = '', nom = '', rib = ''] = cells
    const read = personLine(line, { ppr, lien: foldWord(lien), nom, rib })
    if (read.ok) people.push(read.person)
    else {
      problems.push(...read.problems)
      misread.add(normalisePpr(ppr) ?? ppr)
    }
  }
  const { entries, lines: written, problems: mismatches } = gather(alike(people, problems), misread)
  problems.push(...mismatches)
  if (problems.length === 0) return { ok: true, entries, lines: written }
  return { ok: false, problems: problems.toSorted((one, other) => one.line - other.line) }
}

/** `0012345` and `12345`, which a spreadsheet makes of one another. */
const withoutZeros = (ppr: string): string => ppr.replace(/^0+(?=.)/, '')

/** People whose PPR is written as in the first line with that number; of the others it is not known whose they are. */
function alike(people: readonly PersonLine[], problems: FileProblem[]): PersonLine[] {
  const written = new Map<string, string>()
  return people.filter(({ line, ppr }) => {
    const first = written.get(withoutZeros(ppr)) ?? ppr
    written.set(withoutZeros(ppr), first)
    if (first !== ppr) problems.push({ line, code: 'ppr.zeros', column: 'ppr' })
    return first === ppr
  })
}

type OpenEntry = RegisterEntry & { relatives: { kind: RelativeKind; name: string }[] }

/** @param misread PPRs with a line that says something wrong: it may be the member's own, so nobody is missed there */
function gather(
  people: readonly PersonLine[],
  misread: ReadonlySet<string>,
): { entries: RegisterEntry[]; lines: Map<string, number>; problems: FileProblem[] } {
  const problems: FileProblem[] = []
  const entries = new Map<string, OpenEntry>()
  const lines = new Map<string, number>()
  for (const { line, ppr, kind, name, rib } of people) {
    if (kind !== 'member') continue
    if (entries.has(ppr)) problems.push({ line, code: 'member.twice', column: 'ppr' })
    else {
      entries.set(ppr, { ppr, name, ...(rib !== undefined && { rib }), relatives: [] })
      lines.set(ppr, line)
    }
  }
  for (const { line, ppr, kind, name } of people) {
    if (kind === 'member') continue
    const relatives = entries.get(ppr)?.relatives
    if (!relatives && misread.has(ppr)) continue
    if (!relatives) problems.push({ line, code: 'relative.withoutMember', column: 'ppr' })
    else if (relatives.some(other => other.kind === kind && other.name === name))
      problems.push({ line, code: 'relative.twice', column: 'nom' })
    else relatives.push({ kind, name })
  }
  return { entries: [...entries.values()], lines, problems }
}
