import type { SubmittedDossier } from '../submitted-dossier.ts'

/** What may go into columns of the library, each into one that the foundation names. */
export const archiveFields = [
  'number',
  'submittedAt',
  'ppr',
  'memberName',
  'beneficiary',
  'personName',
  'motif',
  'language',
  'pages',
] as const
export type ArchiveField = (typeof archiveFields)[number]
export type ArchiveColumns = Readonly<Partial<Record<ArchiveField, string>>>

/** Values by the internal name of their column; nothing that the foundation did not ask for leaves. */
export function columnValues(columns: ArchiveColumns, dossier: SubmittedDossier): Record<string, string | number> {
  const values: Record<ArchiveField, string | number | null> = {
    ...dossier,
    submittedAt: dossier.submittedAt.toISOString(),
  }
  return Object.fromEntries(
    archiveFields.flatMap(field => {
      const column = columns[field]
      const value = values[field]
      return column === undefined || value === null ? [] : [[column, value]]
    }),
  )
}
