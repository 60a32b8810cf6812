import { CsvError, parse } from 'csv-parse/sync'
import { z } from 'zod'

export const csvFileProblems = [
  'file.empty',
  'file.tooLarge',
  'file.tooManyLines',
  'file.notUtf8',
  'file.header',
  'file.quotes',
] as const

/** What keeps a file from being read at all. */
export interface CsvFileProblem {
  readonly line: number
  readonly code: (typeof csvFileProblems)[number]
}

export interface CsvLine {
  readonly line: number
  /** In the order of the columns that were asked for; what is not there is empty. */
  readonly cells: readonly string[]
  /** There is something beyond the columns that the first line names. */
  readonly isTooLong: boolean
}

export type CsvTable =
  { readonly ok: true; readonly lines: readonly CsvLine[] } | { readonly ok: false; readonly problem: CsvFileProblem }

/** What `csv-parse` gives with `info`; typed loosely there. */
const records = z.array(z.object({ record: z.array(z.string()), info: z.object({ lines: z.number() }) }))

/** UTF-8 with or without a mark, `;`, `,` or tabs between columns that the first line names, in any order. */
export function readCsvTable(
  bytes: Uint8Array,
  { columns, maxBytes }: { readonly columns: readonly string[]; readonly maxBytes: number },
): CsvTable {
  if (bytes.length > maxBytes) return refused({ line: 1, code: 'file.tooLarge' })
  if (hasTooManyLines(bytes)) return refused({ line: 1, code: 'file.tooManyLines' })
  const text = decode(bytes)
  if (text === undefined) return refused({ line: 1, code: 'file.notUtf8' })
  const table = readTable(text)
  if ('code' in table) return refused(table)
  const [header, ...lines] = table
  if (!header) return refused({ line: 1, code: 'file.empty' })
  const places = columns.map(column => header.cells.findIndex(cell => foldWord(cell) === column))
  if (places.includes(-1)) return refused({ line: header.line, code: 'file.header' })
  if (lines.length === 0) return refused({ line: header.line, code: 'file.empty' })
  const width = header.cells.length
  return { ok: true, lines: lines.map(line => toLine(line, places, width)) }
}

/** Lines of any file: all members of the foundation with their relatives fit. */
const MOST_LINES = 300_000
/** UTF-16 units of one line: a quotation mark that is never closed would make one of the whole file. */
const LONGEST_LINE = 10_000
const lineFeed = 0x0a
const carriageReturn = 0x0d

/** Counted in the bytes, before any line is made of them. */
function hasTooManyLines(bytes: Uint8Array): boolean {
  let lines = 0
  for (let at = 0; at < bytes.length; at++)
    if (bytes[at] === lineFeed || (bytes[at] === carriageReturn && bytes[at + 1] !== lineFeed)) lines++
  return lines > MOST_LINES
}

const refused = (problem: CsvFileProblem): CsvTable => ({ ok: false, problem })

type Row = Pick<CsvLine, 'line' | 'cells'>

function toLine({ line, cells }: Row, places: readonly number[], width: number): CsvLine {
  // Excel leaves out or adds empty cells at the end of a line; a full one beyond the header is a stray separator.
  const isTooLong = cells.slice(width).some(cell => cell !== '')
  return { line, cells: places.map(place => cells[place] ?? ''), isTooLong }
}

/** Excel's plain "CSV" is in the old Windows code pages, where Arabic names are lost: better refused than guessed. */
function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** Excel's own first line, which names the separator. */
const separatorLine = /^"?sep=([;,\t])"?(?=\r|\n|$)/i
/** How Excel is made to keep a number as text; in a file it opens a quotation in the middle of a cell. */
const textFormula = /(^|[;,\t\r\n])="([^"\r\n]*)"(?=[;,\t\r\n]|$)/g

function delimiterOf(text: string): string {
  const header = text.split(/\r\n|\r|\n/, 1)[0] ?? ''
  return [';', ',', '\t'].find(candidate => header.includes(candidate)) ?? ';'
}

/** Lines are counted with the one that names the separator. */
function readTable(written: string): Row[] | CsvFileProblem {
  const named = separatorLine.exec(written)
  const text = (named ? written.slice(named[0].length) : written).replace(textFormula, '$1$2')
  const delimiter = named?.[1] ?? delimiterOf(text)
  const reading = { relax_column_count: true, skip_empty_lines: true, trim: true, max_record_size: LONGEST_LINE }
  const options = { ...reading, delimiter, info: true } as const
  try {
    return records
      .parse(parse(text, options))
      .map(({ record, info }) => ({ line: info.lines, cells: record.map(plainCell) }))
      .filter(({ cells }) => cells.some(cell => cell !== ''))
  } catch (error) {
    if (error instanceof CsvError) return { line: lineOf(error), code: 'file.quotes' }
    throw error
  }
}

/** Without spaces of any kind around it; a formula that only says a text is that text. */
const plainCell = (cell: string): string => cell.trim().replace(/^="(.*)"$/, '$1')

function lineOf(error: CsvError): number {
  return 'lines' in error && typeof error.lines === 'number' ? error.lines : 1
}

/** « Adhérent(e) » and « adherent » are one. */
export function foldWord(text: string): string {
  return text
    .normalize('NFD')
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .trim()
    .toLowerCase()
}
