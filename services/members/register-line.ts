import { z } from 'zod'
import { csvFileProblems } from '../csv-table.ts'
import type { RelativeKind } from './member.ts'
import { normalisePpr } from './ppr.ts'
import { hasValidKey, normaliseRib } from './rib.ts'

export type FileColumn = 'ppr' | 'lien' | 'nom' | 'rib'

/** Each has a sentence in `locales/{fr,ar}/operator.json`. */
export const fileProblemCodes = [
  ...csvFileProblems,
  'line.columns',
  'ppr.shape',
  'ppr.rounded',
  'ppr.date',
  'ppr.zeros',
  'lien.unknown',
  'nom.missing',
  'nom.tooLong',
  'nom.formula',
  'nom.shape',
  'rib.rounded',
  'rib.shape',
  'rib.key',
  'rib.ofRelative',
  'member.twice',
  'relative.withoutMember',
  'relative.twice',
] as const
type FileProblemCode = (typeof fileProblemCodes)[number]

/** Where, and what: never the value itself, which may be a name or an account. */
export interface FileProblem {
  readonly line: number
  readonly code: FileProblemCode
  readonly column?: FileColumn
}

export interface PersonLine {
  readonly line: number
  readonly ppr: string
  readonly kind: 'member' | RelativeKind
  readonly name: string
  readonly rib?: string
}

const LONGEST_NAME = 120

/** As `lien` is written, without accents and case. */
const kinds: Readonly<Record<string, PersonLine['kind']>> = {
  adherent: 'member',
  adherente: 'member',
  'adherent(e)': 'member',
  منخرط: 'member',
  منخرطة: 'member',
  conjoint: 'spouse',
  conjointe: 'spouse',
  'conjoint(e)': 'spouse',
  زوج: 'spouse',
  زوجة: 'spouse',
  enfant: 'child',
  ابن: 'child',
  ابنة: 'child',
}

const code = (value: FileProblemCode) => ({ error: value })

const kind = z.string().transform((text, context): PersonLine['kind'] => {
  const known = Object.hasOwn(kinds, text) ? kinds[text] : undefined
  if (known) return known
  context.addIssue({ code: 'custom', message: 'lien.unknown' satisfies FileProblemCode })
  return z.NEVER
})

/** Accents that stand alone, quotation marks and primes, which keyboards put in place of an apostrophe. */
const apostrophes = /[´`‘‛′‵＇ʹʻˈ]/gu
const hyphens = /[‐‑‒–−﹣－]/gu
/** « Fatima Alami (née Bennis) » */
const nameShape = /^[\p{L}\p{M}][\p{L}\p{M} .'’ʼ-]*(\([\p{L}\p{M}][\p{L}\p{M} .'’ʼ-]*\))?$/u

/** « El Fassi, Ahmed » is El Fassi Ahmed. A name that opens like a formula would run in the spreadsheet of whoever opens an export of ours. */
const name = z
  .string()
  .transform(text =>
    text
      .normalize('NFC')
      .replace(/\p{Cf}/gu, '')
      .replace(apostrophes, "'")
      .replace(hyphens, '-')
      .replace(/[\s,،]+/gu, ' ')
      .trim(),
  )
  .pipe(
    z
      .string()
      .min(1, { ...code('nom.missing'), abort: true })
      .max(LONGEST_NAME, { ...code('nom.tooLong'), abort: true })
      .regex(/^[^=+\-@]/, { ...code('nom.formula'), abort: true })
      .regex(nameShape, code('nom.shape')),
  )

/** A spreadsheet keeps 15 digits: a RIB that it took for a number is lost: 1,90170211110374E+23, or zeros at the end. */
const roundedNumber = /^(\d+([.,]\d+)?e\+?\d+|\d{15}0{9})$/i
/** What a spreadsheet makes of 1-2, or shows of a number in a column of dates. */
const date = /^(\d{1,4}[/.-]\d{1,2}([/.-]\d{2,4})?|\d{1,2}[ -]\p{L}{3,9}\.?([ -]\d{2,4})?)$/u

/** As a spreadsheet writes a number: with an apostrophe in front, spaces between groups, decimals of zero. */
const ppr = z.string().transform((text, context): string => {
  const written = text.replace(/^'/, '').replace(/[.,]0+$/, '')
  const digits = normalisePpr(written)
  if (digits !== undefined) return digits
  const isRounded = roundedNumber.test(written)
  const message: FileProblemCode = isRounded ? 'ppr.rounded' : date.test(written) ? 'ppr.date' : 'ppr.shape'
  context.addIssue({ code: 'custom', message })
  return z.NEVER
})

const rib = z.string().transform((text, context): string | undefined => {
  if (text === '') return undefined
  const digits = normaliseRib(text)
  if (digits !== undefined && hasValidKey(digits)) return digits
  const message: FileProblemCode = roundedNumber.test(text) ? 'rib.rounded' : digits ? 'rib.key' : 'rib.shape'
  context.addIssue({ code: 'custom', message })
  return z.NEVER
})

const person = z.object({ ppr, lien: kind, nom: name, rib }).check(context => {
  if (context.value.lien === 'member' || context.value.rib === undefined) return
  const message: FileProblemCode = 'rib.ofRelative'
  context.issues.push({ code: 'custom', message, path: ['rib'], input: undefined })
})

const problem = z.object({
  message: z.enum(fileProblemCodes),
  path: z.tuple([z.enum(['ppr', 'lien', 'nom', 'rib'])]),
})

export type ReadLine = { ok: true; person: PersonLine } | { ok: false; problems: FileProblem[] }

/** @param cells as written, but for `lien`, which comes without accents and case */
export function personLine(line: number, cells: Readonly<Record<FileColumn, string>>): ReadLine {
  const read = person.safeParse(cells)
  if (!read.success) {
    const problems = read.error.issues.map(issue => problem.parse(issue))
    return { ok: false, problems: problems.map(({ message, path: [column] }) => ({ line, code: message, column })) }
  }
  const { ppr: number, lien, nom, rib: digits } = read.data
  return {
    ok: true,
    person: { line, ppr: number, kind: lien, name: nom, ...(digits !== undefined && { rib: digits }) },
  }
}
