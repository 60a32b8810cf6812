import { setImmediate } from 'node:timers/promises'
import { CsvError, parse } from 'csv-parse/sync'
import { z } from 'zod'
import { type FileColumn, type FileProblem, type PersonLine, personLine } from './register-line.ts'
import type { RelativeKind } from './member.ts'

/** A member as a file, or the demo data, brings them. */
export interface RegisterEntry {
  readonly ppr: string
  readonly name: string
  readonly rib?: string
  readonly relatives: readonly { readonly kind: RelativeKind; readonly name: string }[]
}

export type RegisterFile = { ok: true; entries: RegisterEntry[] } | { ok: false; problems: FileProblem[] }

/** Tens of thousands of members with their relatives; the command's way through the server carries no more. */
export const MAX_REGISTER_BYTES = 16 * 1024 * 1024

/** The server goes on answering members while it reads a long file. */
const LINES_AT_ONCE = 500

const columns: readonly FileColumn[] = ['ppr', 'lien', 'nom', 'rib']

/** What `csv-parse` gives with `info`; typed loosely there. */
const records = z.array(z.object({ record: z.array(z.string()), info: z.object({ lines: z.number() }) }))

/**
 * Reads the register's CSV: UTF-8 with or without a mark, `;`, `,` or tabs between the columns `ppr`, `lien`, `nom`
 * and `rib`, one line a person. Every problem of the file is told at once, and none of them quotes the file.
 */
export async function parseRegisterFile(bytes: Uint8Array): Promise<RegisterFile> {
  if (bytes.length > MAX_REGISTER_BYTES) return refused({ line: 1, code: 'file.tooLarge' })
  const text = decode(bytes)
  if (text === undefined) return refused({ line: 1, code: 'file.notUtf8' })
  const table = readTable(text)
  if ('code' in table) return refused(table)
  const [header, ...lines] = table
  if (!header) return refused({ line: 1, code: 'file.empty' })
  const places = columns.map(column => header.cells.findIndex(cell => fold(cell) === column))
  if (places.includes(-1)) return refused({ line: header.line, code: 'file.header' })
  if (lines.length === 0) return refused({ line: header.line, code: 'file.empty' })
  return await readPeople(lines, { places, width: header.cells.length })
}

function refused(problem: FileProblem): RegisterFile {
  return { ok: false, problems: [problem] }
}

/** Excel's plain "CSV" is in the old Windows code pages, where Arabic names are lost: better refused than guessed. */
function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

interface Line {
  readonly line: number
  readonly cells: readonly string[]
}

function readTable(text: string): Line[] | FileProblem {
  const header = text.split(/\r\n|\r|\n/, 1)[0] ?? ''
  const delimiter = [';', ',', '\t'].find(candidate => header.includes(candidate)) ?? ';'
  const options = { delimiter, info: true, relax_column_count: true, skip_empty_lines: true, trim: true } as const
  try {
    return records
      .parse(parse(text, options))
      .map(({ record, info }) => ({ line: info.lines, cells: record }))
      .filter(({ cells }) => cells.some(cell => cell !== ''))
  } catch (error) {
    if (error instanceof CsvError) return { line: lineOf(error), code: 'file.quotes' }
    throw error
  }
}

function lineOf(error: CsvError): number {
  return 'lines' in error && typeof error.lines === 'number' ? error.lines : 1
}

/** « Adhérent(e) » and « adherent » are one. */
function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .trim()
    .toLowerCase()
}

async function readPeople(
  lines: readonly Line[],
  { places, width }: { places: number[]; width: number },
): Promise<RegisterFile> {
  const problems: FileProblem[] = []
  const people: PersonLine[] = []
  const misread = new Set<string>()
  for (const [place, { line, cells }] of lines.entries()) {
    if (place % LINES_AT_ONCE === 0) await setImmediate()
    // Excel leaves out or adds empty cells at the end of a line; a full one beyond the header is a stray separator.
    if (cells.slice(width).some(cell => cell !== '')) problems.push({ line, code: 'line.columns' })
    const [ppr = '', lien = '', nom = '', rib = ''] = places.map(place => cells[place] ?? '')
    const read = personLine(line, { ppr, lien: fold(lien), nom, rib })
    if (read.ok) people.push(read.person)
    else {
      problems.push(...read.problems)
      misread.add(ppr)
    }
  }
  const { entries, problems: mismatches } = gather(people, misread)
  problems.push(...mismatches)
  if (problems.length === 0) return { ok: true, entries }
  return { ok: false, problems: problems.toSorted((one, other) => one.line - other.line) }
}

type OpenEntry = RegisterEntry & { relatives: { kind: RelativeKind; name: string }[] }

/** @param misread PPRs with a line that says something wrong: it may be the member's own, so nobody is missed there */
function gather(
  people: readonly PersonLine[],
  misread: ReadonlySet<string>,
): { entries: RegisterEntry[]; problems: FileProblem[] } {
  const problems: FileProblem[] = []
  const entries = new Map<string, OpenEntry>()
  for (const { line, ppr, kind, name, rib } of people) {
    if (kind !== 'member') continue
    if (entries.has(ppr)) problems.push({ line, code: 'member.twice', column: 'ppr' })
    else entries.set(ppr, { ppr, name, ...(rib !== undefined && { rib }), relatives: [] })
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
  return { entries: [...entries.values()], problems }
}
